import { existsSync } from "node:fs";
import { type AdapterFacts, notStarted } from "../../doctor/adapter/adapter.ts";
import { lookAtAdapter } from "../../doctor/adapter/look/all.ts";
import { diagnose, inText } from "../../doctor/diagnosis.ts";
import { lookAround } from "../../doctor/look/all.ts";
import { exitCode, UsageError } from "../../errors.ts";
import { openConfig } from "../shared/config.ts";
import { defaultConfig, runsFolder } from "../shared/defaults.ts";
import { inContainers } from "../shared/in-containers.ts";
import { writeResult } from "../shared/output.ts";

interface DoctorFlags {
  config: string;
  adapter?: true;
  api?: string;
  json?: true;
}

/**
 * Says of all that a run needs whether it is there. It runs nothing, and changes nothing but that the folder of runs is
 * made; asked for the adapter it brings the system up for as long as it looks, where nothing else is in the way.
 */
export async function action(_: string[], flags: DoctorFlags): Promise<void> {
  const { config, adapter, api, json } = flags;
  if (config !== defaultConfig && !existsSync(config))
    throw new UsageError(`${config}: no such config; run where it lies, or name it with --config`);
  if (api !== undefined && adapter === undefined)
    throw new UsageError(`--api ${api}: without --adapter nothing is started`);
  const { facts, redact } = await lookAround(config, runsFolder);
  const before = diagnose(facts);
  const looked = adapter && (before.health === "fail" ? unasked : await lookWhileUp(flags));
  const diagnosis = looked === undefined ? before : diagnose({ ...facts, adapter: looked.adapter });
  const text = `${json ? JSON.stringify(diagnosis) : inText(diagnosis)}\n`;
  await writeResult(redact(looked?.redact(text) ?? text));
  process.exitCode = diagnosis.health === "fail" ? exitCode.infrastructure : exitCode.go;
}

interface Looked {
  adapter: AdapterFacts;
  redact: (text: string) => string;
}

const unasked: Looked = { adapter: notStarted, redact: (text) => text };

async function lookWhileUp({ config: file, api }: DoctorFlags): Promise<Looked> {
  const { config, secrets } = await openConfig(file);
  const { redact } = secrets;
  const adapter = await inContainers(({ progress, ...given }) => {
    progress.phase("starting the system that the config names");
    return lookAtAdapter({
      ...given,
      config,
      redact,
      api: api ?? config.current,
      onReady: progress.ready,
      onPhase: progress.phase,
    });
  });
  return { adapter, redact };
}
