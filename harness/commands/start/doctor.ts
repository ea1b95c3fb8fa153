import { existsSync } from "node:fs";
import { diagnose, inText } from "../../doctor/diagnosis.ts";
import { lookAround } from "../../doctor/look/all.ts";
import { exitCode, UsageError } from "../../errors.ts";
import { defaultConfig, runsFolder } from "../shared/defaults.ts";
import { writeResult } from "../shared/output.ts";

interface DoctorFlags {
  config: string;
  json?: true;
}

/** Says of all that a run needs whether it is there; runs nothing, and changes nothing but that the folder of runs is made. */
export async function action(_: string[], { config, json }: DoctorFlags): Promise<void> {
  if (config !== defaultConfig && !existsSync(config))
    throw new UsageError(`${config}: no such config; run where it lies, or name it with --config`);
  const { facts, redact } = await lookAround(config, runsFolder);
  const diagnosis = diagnose(facts);
  await writeResult(redact(`${json ? JSON.stringify(diagnosis) : inText(diagnosis)}\n`));
  process.exitCode = diagnosis.health === "fail" ? exitCode.infrastructure : exitCode.go;
}
