import { expect, test } from "vitest";
import { places } from "./places.ts";
import {
  type Change,
  type ChangeId,
  changes,
  factChanges,
  type Position,
  schemaChanges,
  severities,
} from "./severity.ts";

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const table = (heads: readonly string[], rows: readonly (readonly string[])[]) => {
  const all = [heads, ...rows];
  const widths = heads.map((_, i) => Math.max(...all.map((cells) => cells[i]?.length ?? 0)));
  const padded = (cells: readonly string[]) => row(cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)));
  return [padded(heads), row(widths.map((width) => "-".repeat(width))), ...rows.map(padded)].join("\n");
};

const positions: readonly Position[] = ["request", "reply", "needs"];
const ofSchemas = Object.entries<Change>(schemaChanges).map(([id, { says, severity }]) => [
  `\`${id}\``,
  says,
  ...positions.map((position) => severity[position]),
]);
const ofFacts = Object.entries<Change>(factChanges).map(([id, { says, severity }]) => [
  `\`${id}\``,
  says,
  severity.reply,
]);

test("docs/diff.md has every change (vitest -u writes it anew)", async () => {
  await expect(`# What changed between two contracts

\`interlock diff OLD NEW\` says what differs between two contracts, and whom each change breaks.

\`\`\`sh
script/interlock contracts --out contracts.json      # the present contracts, as one document: a contract set
script/interlock diff contracts.json current         # what has changed since; \`current\` are the present ones
script/interlock diff 2026-05 current                # releases that the config names under \`contracts\`
script/interlock diff old/openapi.json new/openapi.json
script/interlock reads --out reads.json              # what workers read of answers, in which scenarios
script/interlock diff 2026-05 current --reads reads.json
\`\`\`

A **contract set** is everything that stands in \`contracts/\` as data: operations with method, path, schemas, refusals and
statuses, what a second call of the same request does, who may call, which fields are exact; the form that each
generation sees in each protocol; the life of a job; leases, time-outs and back-offs; who has to do what, and before what;
what a destination's URL means; and the consumer contract of each worker generation. It is the same for the same
contracts, so it can be kept: one for each release, named in the config:

\`\`\`ts
contracts: { "2026-05": "fixtures/releases/contracts/2026-05.json" },
\`\`\`

An **OpenAPI document** is 3.0 to 3.2, as JSON, in one file. Two of one kind are compared, never one of each.

## What it ends with

| code | what                                                                                                       |
| ---- | ---------------------------------------------------------------------------------------------------------- |
| 0    | no change, or compatible ones alone                                                                        |
| 1    | a change breaks a consumer (whoever calls: workers, customers) or the provider (the service)               |
| 2    | nothing breaks for sure, and a change is to be judged by somebody who knows what it means                  |
| 3    | a document cannot be read: cut, empty, YAML, without operations, of a newer version, too deep, a key twice |
| 64   | a file or a release that is not there, two kinds of documents, a wrong flag                                |

Every change has a fingerprint. One that was judged to be harmless is named by it: \`--judged 0b9f04de9d83\`. A fingerprint
that belongs to no such change any longer is refused, so that no judgement outlives what it was about. \`--json\`, \`--junit\`
and \`--markdown\` are as everywhere: each change is a case, with who uses it.

## Who uses it

Consumer contracts say what each worker generation reads and sends; \`interlock reads\` records what the workers' own code
reads while every scenario is run once on the simulated rig. A change of a field says both: \`worker-v5 reads it in 67 of 69
scenarios\`, \`worker-v5 reads it in 4 of 6 interactions\`. A change that would break a consumer is \`to-judge\` where there are
consumers on record that make the call and none of them uses the field. Of operations that customers call nobody is on
record: there a change breaks.

What was recorded says nothing of workers that are not code in this process, nor of scenarios that are not in the config.

## Changes of schemas

Schemas are compared as they are meant: references followed, \`allOf\` put together, null, single values and exclusive bounds in one way of
writing them. \`request\` is what consumers send, \`reply\` what they get, \`needs\` what a consumer contract reads of a reply.
A keyword without a rule is told where it differs; two documents that are not equal are never told to have no changes.

${table(["id", "what", ...positions], ofSchemas)}

## Other changes

Fields whose names begin with \`x-\` and speak of idempotency, leases, time-outs, back-offs, limits, responsibility, defaults
or security have the ids of those.

${table(["id", "what", "severity"], ofFacts)}
`).toMatchFileSnapshot("../../docs/diff.md");
});

test("every id is plain, and has a sentence and a severity of the four for each position", () => {
  for (const [id, { says, severity }] of Object.entries<Change>(changes)) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(says).toMatch(/^[a-z].*[^.]$/);
    expect(positions.filter((position) => !severities.includes(severity[position]))).toEqual([]);
  }
});

test("no place is named twice", () => {
  const named = places.map(([place]) => place);
  expect(named.filter((place, i) => named.indexOf(place) !== i)).toEqual([]);
});

test("every change that no schema has is one that a rule can tell", async () => {
  const { readFile } = await import("node:fs/promises");
  const files = ["places.ts", "diff.ts", "facts.ts", "extensions.ts", "lengths.ts"];
  const code = (
    await Promise.all(files.map((file) => readFile(new URL(file, import.meta.url), "utf8")))
  ).join("\n");
  const untold = (Object.keys(factChanges) as ChangeId[]).filter((id) => !code.includes(`"${id}"`));
  expect(untold).toEqual([]);
});
