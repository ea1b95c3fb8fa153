import { expect, test } from "vitest";
import { type RunPredicate, runStatement, statementsOn } from "./statement.ts";

const sha = "a".repeat(64);
const cell = (path: string, verdict: RunPredicate["verdict"] = "pass") => ({ path, verdict });
const judgedAt = Date.parse("2026-11-26T12:00:00.5Z");

const runWith = (more: Partial<RunPredicate> = {}): RunPredicate => ({
  run: "2026-11-26-aaaa",
  rig: "containers",
  at: 0,
  attempt: 1,
  shard: null,
  builds: [{ component: "api", release: "current", digest: "abc", image: `sha256:${sha}` }],
  later: [],
  images: { mysql: `sha256:${sha}` },
  releases: { api: "current", workers: { v5: "current" } },
  inputs: { harness: sha, config: sha },
  history: sha,
  historyVersion: 2,
  verdict: "pass",
  cells: [cell("a"), cell("b")],
  of: 2,
  coverage: { notCalled: [], untested: ["I13"], lacks: [] },
  ...more,
});

interface Statement {
  _type: string;
  subject: unknown;
  predicateType: string;
  predicate: { properties?: string[]; result?: string; failedTests?: string[] };
}
const statements = (more?: Partial<RunPredicate>) => statementsOn(runWith(more), judgedAt) as Statement[];
const beside = (type: string, more?: Partial<RunPredicate>) =>
  statements(more).find(
    ({ predicateType }) => predicateType === `https://in-toto.io/attestation/${type}/v0.1`,
  )?.predicate;

test("all statements are about the same builds; the first is ours and is read back", () => {
  const all = statements();
  expect(all).toHaveLength(3);
  expect(new Set(all.map(({ subject }) => JSON.stringify(subject))).size).toBe(1);
  expect(runStatement.parse(all[0]).predicate).toEqual(runWith());
  expect(all[0]?.subject).toEqual([
    { name: "api", digest: { sha256: sha, build: "abc" } },
    { name: "mysql", digest: { sha256: sha } },
  ]);
});

test("a life that never named itself is read back, and a subject by what is known of it", () => {
  const life = (release: string, image: string | null) => ({
    component: "worker-v5",
    release,
    digest: null,
    image,
  });
  const later = [life("next", `sha256:${sha}`), life("other", null)];
  const [first] = statements({ later });
  expect(runStatement.parse(first).predicate.later).toEqual(later);
  expect(first?.subject).toContainEqual({ name: "worker-v5 as next", digest: { sha256: sha } });
  expect(JSON.stringify(first?.subject)).not.toContain("worker-v5 as other");
});

test("lives of one release that were other builds are a subject each", () => {
  const life = (digest: string) => ({ component: "worker-v5", release: "next", digest, image: null });
  const [first] = statements({ later: [life("b1"), life("b2"), life("b1")] });
  expect(first?.subject).toEqual(
    expect.arrayContaining([
      { name: "worker-v5 as next", digest: { build: "b1" } },
      { name: "worker-v5 as next", digest: { build: "b2" } },
    ]),
  );
  expect(first?.subject).toHaveLength(4);
});

test("the verification result says who verified, when, and what held", () => {
  expect(beside("svr")).toEqual({
    verifier: { id: "urn:interlock:verifier:1" },
    timeCreated: "2026-11-26T12:00:00.500Z",
    properties: ["INTERLOCK_CELLS_PASS", "INTERLOCK_MATRIX_PASS"],
  });
});

test.each<[string, Partial<RunPredicate>, string[]]>([
  ["a part of the matrix is not the matrix", { of: 3 }, ["INTERLOCK_CELLS_PASS"]],
  ["nor is a schedule", { cells: [cell("schedule 1")], of: null }, ["INTERLOCK_CELLS_PASS"]],
  ["a run that lacks something verified nothing", { verdict: "missing" }, []],
  ["nor did one with a violation", { verdict: "violation", cells: [cell("a"), cell("b", "violation")] }, []],
  ["nor one without a cell", { cells: [], of: 1 }, []],
])("%s", (_, more, properties) => expect(beside("svr", more)?.properties).toEqual(properties));

test("a cell without a verdict is not said to have passed", () => {
  const cells = [cell("a"), cell("b", "missing")];
  expect(beside("test-result", { verdict: "missing", cells })).toMatchObject({
    result: "FAILED",
    passedTests: ["a"],
    failedTests: ["b"],
  });
});
