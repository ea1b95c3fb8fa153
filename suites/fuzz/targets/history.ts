import { mkdtempSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { InfrastructureError, UsageError } from "../../../harness/errors.ts";
import { bodiesFolder, bodyFile } from "../../../harness/history/format.ts";
import { readHistory } from "../../../harness/history/read.ts";
import { serialise } from "../../../harness/history/write.ts";
import { judgeHistory } from "../../../harness/invariants/judge.ts";
import { checkReport } from "../../../harness/report/check.ts";
import { rendered } from "../../../harness/report/format.ts";
import { formats } from "../../../harness/report/formats/index.ts";
import { sha256 } from "../../../harness/secrets.ts";
import { wholeHistory } from "../../../harness/testing/whole-history.ts";
import { around, textsOf } from "../mutations.ts";
import { expectReadable, type Target } from "../target.ts";

/** Histories: files that are no longer as they were written, and such as a liar would write, checksum and all. */

const { text: whole, bodies } = serialise(wholeHistory);
const lines = whole.trimEnd().split("\n").slice(0, -1);
const folder = mkdtempSync(join(tmpdir(), "interlock-fuzz-"));
const file = join(folder, "history.jsonl");
await mkdir(bodiesFolder(file));
for (const [name, body] of bodies) await writeFile(bodyFile(file, name), body);

/** With an end line that fits: the reader goes on to what the lines say. */
function signed(all: readonly string[]): string {
  const text = all.map((line) => `${line}\n`).join("");
  return `${text}${JSON.stringify({ kind: "end", events: all.length, sha256: sha256(text) })}\n`;
}

const edited = fc
  .nat(lines.length - 1)
  .chain((at) =>
    textsOf(fc.constant(JSON.parse(lines[at] as string))).map((line) =>
      signed(lines.with(at, line.replaceAll("\n", " "))),
    ),
  );
const moved = fc
  .tuple(fc.nat(lines.length - 1), fc.nat(lines.length))
  .map(([from, to]) => signed(lines.toSpliced(to, 0, lines[from] as string)));

export const histories: Target<string> = {
  inputs: fc.oneof({ weight: 6, arbitrary: edited }, moved, around(whole)),
  take: async (text) => {
    await writeFile(file, text);
    try {
      const events = await readHistory(file);
      const judgement = judgeHistory(events);
      const report = checkReport({ file, events, judgement, unfired: [] });
      for (const format of Object.values(formats)) await rendered(format, report, (given) => given);
    } catch (error) {
      if (!(error instanceof UsageError) && !(error instanceof InfrastructureError)) throw error;
      if (!error.message.includes(file)) throw new Error(`a message without its file: ${error.message}`);
      expectReadable(error.message);
    }
  },
  runs: 1_200,
  close: () => rm(folder, { recursive: true }),
};
