import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operations } from "../../contracts/operations.ts";
import type { OpenRig } from "../../harness/rigs/rig.ts";
import { combinationsOf } from "../../harness/skew/combinations.ts";
import { releasesInWords } from "../../harness/skew/window.ts";
import { deltas, type Golden, goldenOf, nameOf, recorded } from "./golden.ts";
import { openRig, policy } from "./rig.ts";

const combinations = combinationsOf(policy);
let rig: OpenRig;
const golden = new Map<string, Golden>();
beforeAll(async () => {
  rig = await openRig();
  for (const releases of combinations) golden.set(nameOf(releases), await goldenOf(rig, releases));
});
afterAll(() => rig[Symbol.asyncDispose]());
const of = (name: string): Golden => golden.get(name) as Golden;

describe.each(combinations.map((releases) => [releasesInWords(releases), releases] as const))(
  "%s",
  (_, releases) => {
    const name = nameOf(releases);

    test("say to each other what they said when it was recorded (record-golden.ts records anew)", async () => {
      expect(deltas(await recorded(releases), of(name))).toEqual([]);
    });

    test("have spoken of every operation, workers of both generations each of theirs", () => {
      const keys = Object.keys(of(name));
      const isThere = (start: string) => keys.some((key) => key.startsWith(start));
      const own = Object.entries(operations).flatMap(([id, { audience }]) =>
        audience === "worker"
          ? // No workload has a session of Bulk Import: its parts are asked for by the probe alone.
            isOfLater(id)
            ? [`${id} v5 `, `${id} v6 `]
            : [`${id} v5 200`, `${id} v6 200`]
          : audience === "customer"
            ? [`${id} cdh4 `, `${id} hdp2 `]
            : [`${id} `],
      );
      expect(own.filter((start) => !isThere(start))).toEqual([]);
    });
  },
);

const isOfLater = (line: string): boolean =>
  /\b(bulk_import\.|worker\.import_part\b|counts_missing\b|connector\.issue\b|job\.status_by_domain_key\b|job\.result_export\b|scheduled_query\.|result\.(create|list|delete)\b|user\.|database\.delete\b|table\.(import|import_with_id|partial_delete|export|delete|rename|swap|update_schema|update)\b)/.test(
    line,
  );

/** How what is said differs from what the current releases say. Nothing else may, and all of this must. */
const moved = [
  "worker.claim: reply.job.output added",
  "worker.claim: reply.job.priority added",
  "worker.claim: reply.job.result_settings gone",
  "worker.claim: reply.job.result_url gone",
];
const stated = "worker.claim: request.protocol added";
/** What a removed key of a user is answered: the API of 2026-05 has no users. */
const shut = ["cdh4", "hdp2"].map((one) => `- database.list ${one} as ${one} 401 unauthenticated`);
/** What nobody's key opens: there no user has been added whose it could be. */
const unopened = ["database.create", "job.issue", "job.kill", "table.create"].flatMap((operation) =>
  ["cdh4", "hdp2"].map((one) => `+ ${operation} ${one} as ${one} 401 unauthenticated`),
);
/** A claim in a protocol that nobody speaks, which the API of 2026-05 does not read. */
const unspoken = ["v5", "v6"].map((one) => `- worker.claim ${one} as ${one} 409 unsupported_protocol`);
/** Nobody can take a database away there: that of a customer's own is still there when the probe looks. */
const left = ["database.list: reply.databases.0.name", "database.list: reply.databases.1 added"];
test.each<[string, string[]]>([
  ["api-2026-05+v5-current+v6-current", [...unopened, ...shut, ...unspoken, ...left]],
  ["api-2026-05+v5-next+v6-next", [...unopened, ...shut, ...unspoken, ...left, stated]],
  ["api-current+v5-next+v6-next", [...moved, stated]],
  ["api-current+v5-current+v6-next", [...moved.filter((line) => !line.includes("url")), stated]],
])("%s differs by what is declared", (name, declared) => {
  const differs = deltas(of("api-current+v5-current+v6-current"), of(name));
  expect(differs.filter((line) => !isOfLater(line))).toEqual(declared);
  // The API of 2026-05 has no imports and moves no tables, and says so to whoever asks.
  const added = differs.filter((line) => isOfLater(line) && line.startsWith("+"));
  const unknown = added.filter((line) => !/ (404 not_found|401 unauthenticated|403 forbidden)$/.test(line));
  expect([unknown, differs.some(isOfLater)]).toEqual([[], name.startsWith("api-2026-05")]);
});

test("the next API refuses the probe until it speaks protocol 2, and says nothing else otherwise", () => {
  const differ = deltas(of("api-current+v5-next+v6-next"), of("api-next+v5-next+v6-next"));
  // Its first refusal is of a claim that names no protocol, and in other words: it speaks another one.
  const refused = ["reply.error", "reply.text", "request.protocol gone"].map((one) => `worker.claim: ${one}`);
  const unheld = "worker.import_part: request.job_id";
  expect(differ.toSorted()).toEqual([...refused, ...moved, stated, unheld].toSorted());
});

test("a difference is seen wherever it is", () => {
  const one: Golden = { "job.show cdh4 200": { request: {}, reply: { job: [{ id: 1 }, null], at: "x" } } };
  const other = (reply: unknown): Golden => ({ "job.show cdh4 200": { request: {}, reply } });
  expect(deltas(one, one)).toEqual([]);
  expect(deltas(one, other({ job: [{ id: "1" }, null], at: "x" }))).toEqual(["job.show: reply.job.0.id"]);
  expect(deltas(one, other({ job: [{ id: 1 }], at: null, more: 1 }))).toEqual([
    "job.show: reply.at",
    "job.show: reply.job.1 gone",
    "job.show: reply.more added",
  ]);
  expect(deltas(one, {})).toEqual(["- job.show cdh4 200"]);
});
