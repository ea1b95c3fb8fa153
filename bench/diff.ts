import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { anOpenApi, copyWith } from "../harness/diff/testing/edited.ts";
import { openApiEdits } from "../harness/diff/testing/openapi-edits.ts";
import { median } from "../harness/quantile.ts";
import type { Bar } from "./bar.ts";
import type { Bench } from "./bench.ts";
import { installPeers } from "./peers.ts";

/** The same edits of one OpenAPI document through `interlock diff` and a peer, each as a process, by turns. */

const peer = "@redocly/cli";
const programs = {
  interlock: ["node", "harness/cli.ts", "diff"],
  redocly: ["bench/peers/node_modules/.bin/redocly", "diff", "--format", "json"],
} as const;
type Program = keyof typeof programs;

/** Of each edit: whether it was seen at all, and whether it was called breaking. */
interface Seen {
  isSeen: boolean;
  isBreaking: boolean;
}

const report = z.object({ summary: z.object({ major: z.int() }), changes: z.array(z.unknown()) });

const seenBy: Record<Program, (exit: number | undefined, stdout: string) => Seen> = {
  interlock: (exit) => ({ isSeen: exit === 1 || exit === 2, isBreaking: exit === 1 }),
  redocly: (_, stdout) => {
    const { summary, changes } = report.parse(JSON.parse(stdout));
    return { isSeen: changes.length > 0, isBreaking: summary.major > 0 };
  },
};

export async function measureDiff({ folder, note }: Bench): Promise<Bar[]> {
  note(`installing ${peer}`);
  await installPeers();
  const [old, now] = [join(folder, "old.json"), join(folder, "new.json")];
  await writeFile(old, JSON.stringify(anOpenApi()));
  const times: Record<Program, number[]> = { interlock: [], redocly: [] };
  const ran = async (program: Program): Promise<Seen> => {
    const [file, ...argv] = programs[program];
    const began = performance.now();
    const { exitCode, stdout } = await execa(file, [...argv, old, now], { reject: false });
    times[program].push(performance.now() - began);
    return seenBy[program](exitCode, stdout);
  };
  const missed: Record<Program, string[]> = { interlock: [], redocly: [] };
  const belittled: Record<Program, string[]> = { interlock: [], redocly: [] };
  const breaking = openApiEdits.filter(([, , ids]) => ids.some((id) => id.startsWith("breaks")));
  const judged = openApiEdits.filter(([, , ids]) => ids.some((id) => !id.startsWith("compatible")));
  for (const [i, [what, edit, ids]] of openApiEdits.entries()) {
    note(`edit ${i + 1} of ${openApiEdits.length}: ${what}`);
    await writeFile(now, JSON.stringify(copyWith(anOpenApi(), edit)));
    for (const program of Object.keys(programs) as Program[]) {
      const { isSeen, isBreaking } = await ran(program);
      // What is compatible is told with exit 0.
      if (!isSeen && ids.some((id) => !id.startsWith("compatible"))) missed[program].push(what);
      if (!isBreaking && ids.some((id) => id.startsWith("breaks"))) belittled[program].push(what);
    }
  }
  const all = judged.length;
  const told = (program: Program): string =>
    `${all - missed[program].length} of ${all} seen, ${breaking.length - belittled[program].length} of ${breaking.length} called breaking, ${Math.round(median(times[program]))} ms`;
  return [
    {
      bar: `edits of an OpenAPI document, beside ${peer} diff`,
      line: "each seen, and called breaking where somebody breaks",
      measured: `${told("interlock")}; ${peer}: ${told("redocly")}, not called breaking: ${belittled.redocly.join("; ")}`,
      met: missed.interlock.length + belittled.interlock.length === 0,
    },
  ];
}
