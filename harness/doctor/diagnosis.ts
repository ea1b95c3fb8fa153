import { type AdapterFacts, examineAdapter } from "./adapter/adapter.ts";
import { type Examined, examine, type Health } from "./check.ts";
import { type EngineFacts, engineChecks, type ReachFacts, reachChecks } from "./engine.ts";
import { type FolderFacts, folderChecks } from "./folder.ts";
import { type MachineFacts, machineChecks } from "./machine.ts";
import {
  type FileFacts,
  fileChecks,
  type ImageFacts,
  imageChecks,
  type SystemFacts,
  systemChecks,
} from "./system.ts";

/** All that was looked at. Null: what must be there before could not be had. */
export interface Facts {
  machine: MachineFacts;
  folder: FolderFacts;
  reach: ReachFacts;
  engine: EngineFacts | null;
  file: FileFacts;
  system: SystemFacts | null;
  images: ImageFacts | null;
  /** Absent where nobody asked for it: the system is started for it alone. */
  adapter?: AdapterFacts;
}

export interface Diagnosis {
  schema: 1;
  /** The worst; `unknown` alone makes nothing worse than `ok`. */
  health: Exclude<Health, "unknown">;
  counts: Record<Health, number>;
  checks: Readonly<Record<string, readonly Examined[]>>;
}

/** Every check with what was found. */
export function diagnose(facts: Facts): Diagnosis {
  const { machine, folder, reach, engine, file, system, images, adapter } = facts;
  const silent = "no engine answers";
  const unloaded = "there is no config that can be loaded";
  const checks = {
    machine: examine(machineChecks, machine, ""),
    folder: examine(folderChecks, folder, ""),
    engine: [...examine(reachChecks, reach, ""), ...examine(engineChecks, engine, silent)],
    config: [
      ...examine(fileChecks, file, ""),
      ...examine(systemChecks, system, unloaded),
      ...examine(imageChecks, images, engine === null ? silent : unloaded),
    ],
    ...(adapter === undefined ? {} : { adapter: examineAdapter(adapter) }),
  };
  const all = Object.values(checks).flat();
  const counted = (health: Health) => all.filter((one) => one.health === health).length;
  const counts = {
    ok: counted("ok"),
    warn: counted("warn"),
    fail: counted("fail"),
    unknown: counted("unknown"),
  };
  const health = counts.fail > 0 ? "fail" : counts.warn > 0 ? "warn" : "ok";
  return { schema: 1, health, counts, checks };
}

const signs: Readonly<Record<Health, string>> = { ok: "ok  ", warn: "warn", fail: "FAIL", unknown: "-   " };

/** As text: a line a check, and what to do about each that is not as it should be. */
export function inText({ checks, counts }: Diagnosis): string {
  const width = Math.max(...Object.values(checks).flatMap((all) => all.map(({ name }) => name.length)));
  const sections = Object.entries(checks).map(([section, all]) =>
    [section, ...all.flatMap((one) => linesOf(one, width, section === "adapter"))].join("\n"),
  );
  const { ok, warn, fail, unknown } = counts;
  const last = `${ok} ok; ${warn} warnings; ${fail} failures, each stops a run; ${unknown} not checked`;
  return [...sections, last].join("\n");
}

/** What an adapter must do is a stranger's to learn: it is told of what is well too. */
function linesOf(
  { name, health, found, expected, why, next }: Examined,
  width: number,
  isExpectedTold: boolean,
): string[] {
  const [first, ...rest] = found.split("\n");
  const indent = " ".repeat(9 + width);
  const line = `  ${signs[health]} ${name.padEnd(width)}  ${first}`;
  const told = [`expected ${expected}: ${why}`, `next: ${next}`];
  const toldOfGood = isExpectedTold ? [`expected ${expected}`] : [];
  return [
    line,
    ...rest.map((one) => `${indent}${one.trim()}`),
    ...(next === "" ? toldOfGood : told).map((one) => `${indent}${one}`),
  ];
}
