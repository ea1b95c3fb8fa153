import { readFile, symlink } from "node:fs/promises";
import { resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApiDocument } from "../../contracts/openapi.ts";
import { contractSet } from "../../contracts/set/contract-set.ts";
import { Place } from "../trust/place.ts";

/** `interlock contracts` and `interlock diff` as they are called. */

let place: Place;
beforeAll(async () => {
  place = await Place.open();
  await symlink(resolve("fixtures"), place.path("fixtures"));
  await place.put("set.json", contractSet());
  await place.put("openapi.json", openApiDocument());
});
afterAll(() => place[Symbol.asyncDispose]());

const config = resolve("interlock.config.ts");
const diff = (...argv: string[]) => place.interlock("diff", "--config", config, ...argv);

/** The present contracts with this change, in a file of this name. */
async function changed(name: string, change: (set: Record<string, never>) => void): Promise<string> {
  const set = JSON.parse(JSON.stringify(contractSet())) as Record<string, never>;
  change(set);
  return await place.put(name, set);
}

test.concurrent("the present contracts, written and compared with themselves, have no changes", async () => {
  const { stdout } = await place.interlock("contracts");
  expect(JSON.parse(stdout)).toEqual(contractSet());
  await place.put("written.json", stdout);
  expect(await diff("written.json", "current")).toEqual({
    exitCode: 0,
    stdout: "COMPATIBLE: no changes",
    stderr: "",
  });
});

test.concurrent("a release before Bulk Import and the second protocol is broken by what is added to answers and duties alone", async () => {
  const { exitCode, stdout } = await diff("2026-05", "current", "--json");
  const { verdict, findings } = JSON.parse(stdout) as {
    verdict: string;
    findings: { id: string; severity: string }[];
  };
  expect({ exitCode, verdict }).toEqual({ exitCode: 1, verdict: "violation" });
  expect([...new Set(findings.map(({ id, severity }) => `${severity} ${id}`))].toSorted()).toEqual([
    "breaks-consumer alternative-added",
    "breaks-consumer bound-loosened",
    "breaks-consumer open-object-closed",
    "breaks-consumer responsibility-added",
    "breaks-consumer value-added",
    "breaks-provider responsibility-taken",
    "compatible bound-loosened",
    "compatible bound-tightened",
    "compatible destination-added",
    "compatible field-added",
    "compatible form-added",
    "compatible forms-listed",
    "compatible operation-added",
    "compatible pattern-added",
    "compatible pattern-removed",
    "compatible protocol-added",
    "to-judge consumer-added",
    "to-judge limit-lengthened",
    "to-judge refusal-added",
  ]);
});

test.concurrent("a reason that is added is to be judged, and then it is", async () => {
  const before = await changed("before.json", (set) => {
    const { operations } = set as unknown as {
      operations: Record<string, { reasons: Record<string, number> }>;
    };
    delete operations["worker.finish"]?.reasons["counts_missing"];
  });
  const { exitCode, stdout } = await diff(before, "current", "--json");
  const { verdict, findings } = JSON.parse(stdout) as {
    verdict: string;
    findings: { id: string; severity: string; fingerprint: string }[];
  };
  expect({ exitCode, verdict }).toEqual({ exitCode: 2, verdict: "missing" });
  expect(findings.map(({ id }) => id)).toEqual(["refusal-added"]);
  const judged = findings.flatMap(({ severity, fingerprint }) =>
    severity === "to-judge" ? [fingerprint] : [],
  );
  expect(await diff(before, "current", "--judged", ...judged)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("COMPATIBLE: changes: 0 break consumers"),
  });
});

test.concurrent("a release that refuses the first protocol breaks both generations, and says in how many interactions", async () => {
  const { exitCode, stdout } = await diff("current", "next");
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /^ {2}✕ form-removed: .*\n.*\n {6}at worker\.claim, forms v5 1\n {6}worker-v5 makes the call in 6 of 22 /m,
  );
  expect(stdout).toContain("BREAKING: changes: 3 break consumers");
});

describe("what others put into names is no markup", () => {
  const name = "<script>alert(1)</script>|`x`\u001b[31m";
  test.concurrent.each([
    ["--markdown", "out.md"],
    ["--junit", "out.xml"],
  ])("in %s", async (flag, file) => {
    const from = await changed(`${file}.json`, (set) => {
      const { operations } = set as unknown as { operations: Record<string, { summary: string }> };
      operations[name] = { ...operations["job.kill"], path: "/<b>/:job_id" } as never;
      (operations["job.show"] as { summary: string }).summary = name;
    });
    const { exitCode } = await diff(from, "set.json", flag, file);
    const text = await readFile(place.path(file), "utf8");
    expect(exitCode).toBe(1);
    expect(text).toContain("operation-removed");
    expect(text).not.toMatch(/<script>|<b>/);
    expect(text).not.toContain("\u001b");
  });
});

test.concurrent("ten thousand operations are compared, one by one", async () => {
  const operation = {
    responses: { 200: { content: { "application/json": { schema: { $ref: "#/components/schemas/A" } } } } },
  };
  const document = (type: string) => ({
    openapi: "3.1.0",
    paths: Object.fromEntries(
      Array.from({ length: 10_000 }, (_, i) => [`/operations/${i}`, { get: operation }]),
    ),
    components: {
      schemas: {
        A: { type: "object", properties: { a: { type }, more: { $ref: "#/components/schemas/A" } } },
      },
    },
  });
  await place.put("many.json", document("string"));
  await place.put("more.json", document("integer"));
  const { exitCode, stdout } = await diff("many.json", "more.json");
  expect(exitCode).toBe(1);
  expect(stdout.split("\n").length).toBeLessThan(20);
  expect(stdout).toContain("and at 9997 more places");
});

test.concurrent.each<[what: string, make: string, says: string]>([
  ["pipe", "mkfifo", "it is a pipe or a device, no file"],
  ["folder", "mkdir", "it is a folder, no file"],
])("a %s is refused at once, also as recorded reads: 3", async (what, make, says) => {
  await execa(make, [place.path(what)]);
  for (const argv of [
    [what, "current"],
    ["current", what],
    ["current", "current", "--reads", what],
  ]) {
    const { exitCode, stdout, stderr } = await diff(...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(`${what}: expected a contract that can be read, but ${says}`);
    expect(stderr).toMatch(/\n {2}next: write it to a file, and name that$/);
  }
});

describe("what cannot be compared is refused with one message, and is never the same", () => {
  test.concurrent.each<[what: string, content: unknown]>([
    ["a file that is cut", JSON.stringify(contractSet()).slice(0, 5000)],
    ["a newer set", { ...contractSet(), version: 2 }],
    ["a reference to another file", { openapi: "3.1.0", paths: { "/a": { $ref: "a.json" } } }],
  ])("%s: 3", async (what, content) => {
    const name = await place.put(`bad ${what}.json`, content);
    const { exitCode, stdout, stderr } = await diff(name, name);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toMatch(/^interlock: bad .*\.json.*: expected .*, but .*\n {2}next: .*$/);
  });

  test.concurrent.each<[what: string, argv: string[], says: string]>([
    ["two kinds", ["set.json", "openapi.json"], "only two of one kind can be compared"],
    ["a file that is not there", ["nowhere.json", "current"], "nowhere.json: no such file"],
    [
      "a file that is not there, and no config",
      ["nowhere.json", "current", "--config", "none.config.ts"],
      "nowhere.json: no such file; nor can it be a release: none.config.ts: no such config",
    ],
    ["a release that is not there", ["current", "1999"], "it has current, 2026-05, next"],
    [
      "a judgement of nothing",
      ["current", "current", "--judged", "abc"],
      "--judged: no change that is to be judged has abc",
    ],
  ])("%s: 64", async (_, argv, says) => {
    const { exitCode, stdout, stderr } = await diff(...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr).toContain(says);
  });
});
