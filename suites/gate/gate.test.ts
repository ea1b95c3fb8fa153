import { generateKeyPairSync } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readEvidence } from "../../harness/evidence/read.ts";
import type { Decision } from "../../harness/gate/decide.ts";
import { gather, gatherAll } from "../../harness/gate/gather.ts";
import type { Build } from "../../harness/gate/policy.ts";
import { recordedOfFindings } from "../../harness/gate/recorded.ts";
import type { ExchangeEvent } from "../../harness/history/event.ts";
import { cellName } from "../../harness/matrix/shards.ts";
import { gateReport } from "../../harness/report/gate.ts";
import { evidenceFile } from "../../harness/run-files.ts";
import { jobPaths } from "../../harness/schedule/paths.ts";
import { seeded } from "../../harness/seeded.ts";
import { runOf, type ToldMatrix, toldMatrix, withExchanges } from "../trust/told-matrix.ts";
import { askGate, type Kept, keep } from "./evidence-on-disk.ts";
import { makeAnew } from "./made-anew.ts";

/** Evidence is judged again from its files: what was changed in them, or between two of them, is noticed. */

let root: string;
let told: ToldMatrix;
let green: Kept;
const pair = generateKeyPairSync("ed25519");
const pem = pair.publicKey.export({ type: "spki", format: "pem" }).toString();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "interlock-gate-"));
  told = await toldMatrix();
  green = await keep(told, await folder(), { key: pair.privateKey });
});
afterAll(() => rm(root, { recursive: true, force: true }));

const folder = () => mkdtemp(join(root, "store-"));
const reasons = ({ findings }: Decision) => findings.map(({ what }) => what).join("\n");

/** A store of its own with the green run, and whatever is done to it. */
async function storeWith(change: (run: string) => Promise<void> = async () => {}): Promise<string> {
  const store = await folder();
  const run = join(store, "run");
  await cp(green.folder, run, { recursive: true });
  await change(run);
  return store;
}

test("a whole green matrix is GO, signed or where no signature is asked for", async () => {
  const store = await storeWith();
  expect(await askGate(store, green)).toMatchObject({ decision: "GO", exit: 0, findings: [], shown: 151 });
  expect(await askGate(store, green, { keys: [pem] })).toMatchObject({ decision: "GO", exit: 0 });
});

test("what a run did not exercise stands in its evidence", async () => {
  const coverageOf = async ({ folder: its }: Kept) => {
    const evidence = await readEvidence(its, []);
    return "predicate" in evidence ? evidence.predicate.coverage : null;
  };
  // Nobody but the probe asks for it.
  expect(await coverageOf(green)).toMatchObject({
    notCalled: expect.arrayContaining(["table.swap"]),
    lacks: [],
  });
  const part = await keep(await toldMatrix(({ scenario }) => scenario.name === "web"), await folder());
  expect(await coverageOf(part)).toMatchObject({
    untested: expect.arrayContaining(["I9"]),
  });
});

test("a run of the candidate that ended before it was attested is in the way of GO", async () => {
  const store = await storeWith();
  await cp(green.folder, join(store, "cut"), { recursive: true });
  await rm(join(store, "cut", evidenceFile));
  const decision = await askGate(store, green);
  expect(decision).toMatchObject({ decision: "NO-GO", exit: 2, shown: 151 });
  expect(reasons(decision)).toContain("cut: its run ended before it was attested, or goes on");
  const damaged = async (candidate: Build[], live: Build[]) =>
    (await gather([store], candidate, { keys: [], note: () => {}, live })).damaged;
  const builds = green.builds.map((one): Build => ({ ...one, probe: undefined }));
  const [api, ...others] = builds as [Build, ...Build[]];
  expect(await damaged([api], builds)).toHaveLength(1);
  // One of what is live alone, and one beside a mutant, speak for nobody.
  expect(await damaged([{ ...api, digest: "0".repeat(64), image: null }], builds)).toEqual([]);
  expect(await damaged([api], others.slice(1))).toEqual([]);
  // What cannot be read may be one.
  await writeFile(join(store, "cut", "history.jsonl"), '{"rig":"containers","matrix":{},"builds":[null]}\n');
  expect(await damaged([api], builds)).toMatchObject([{ damage: expect.stringContaining("is no history") }]);
});

describe("signatures", () => {
  const other = generateKeyPairSync("ed25519");

  test("of another key count for nothing", async () => {
    const pemOfOther = other.publicKey.export({ type: "spki", format: "pem" }).toString();
    const decision = await askGate(await storeWith(), green, { keys: [pemOfOther] });
    expect(decision).toMatchObject({ decision: "NO-GO", exit: 2, shown: 0 });
    expect(reasons(decision)).toContain("no key of the policy has signed it");
  });

  test("do not outlive a change of what they sign", async () => {
    const store = await storeWith(async (run) => {
      const file = join(run, evidenceFile);
      const [line = "", ...rest] = (await readFile(file, "utf8")).split("\n");
      const envelope = JSON.parse(line) as { payload: string };
      const payload = Buffer.from(envelope.payload, "base64")
        .toString()
        .replace('"attempt":1', '"attempt":2');
      const changed = { ...envelope, payload: Buffer.from(payload).toString("base64") };
      await writeFile(file, [JSON.stringify(changed), ...rest].join("\n"));
    });
    expect(await askGate(store, green, { keys: [pem] })).toMatchObject({ decision: "NO-GO", exit: 2 });
  });
});

test("a changed byte is noticed in a history and in evidence, signed or not", async () => {
  const random = seeded(7);
  const bodies = await readdir(join(green.folder, "history.bodies"));
  const histories = ["history.jsonl", ...bodies.slice(0, 2).map((name) => join("history.bodies", name))];
  const files = [...histories, ...histories, ...Array.from({ length: 6 }, () => evidenceFile)];
  expect(files).toHaveLength(12);
  for (const [i, file] of files.entries()) {
    const store = await storeWith(async (run) => {
      const content = await readFile(join(run, file));
      const at = Math.floor(random() * content.length);
      content[at] = (content[at] as number) ^ (2 ** (i % 8));
      await writeFile(join(run, file), content);
    });
    const { decision, exit } = await askGate(store, green);
    expect([file, decision, exit]).toEqual([file, "NO-GO", 2]);
    await rm(store, { recursive: true });
  }
});

const attacks: Record<string, [said: RegExp, change: (run: string) => Promise<void>]> = {
  "a history that was cut": [
    /damaged/,
    async (run) => {
      const file = join(run, "history.jsonl");
      const lines = (await readFile(file, "utf8")).split("\n");
      await writeFile(file, lines.slice(0, lines.length / 2).join("\n"));
    },
  ],
  "a history without its large values": [
    /the file is missing/,
    async (run) => rm(join(run, "history.bodies"), { recursive: true }),
  ],
  "no history": [/cannot be read/, async (run) => rm(join(run, "history.jsonl"))],
  "no statement": [/got 0/, async (run) => makeAnew(run, () => [])],
  "an empty file": [/checksum/, async (run) => writeFile(join(run, evidenceFile), "")],
  "a statement that is no JSON": [/damaged/, async (run) => writeFile(join(run, evidenceFile), "green\n")],
  "two statements on one run": [
    /got 2/,
    async (run) => makeAnew(run, (payloads) => [...payloads, ...payloads]),
  ],
};
test.each(Object.entries(attacks))("%s is damaged evidence", async (_, [said, change]) => {
  const decision = await askGate(await storeWith(change), green);
  expect(decision).toMatchObject({ decision: "NO-GO", exit: 2 });
  expect(reasons(decision)).toMatch(said);
});

/** The evidence of a run with this of its payloads said otherwise. */
const saying = (from: string, to: string) => (run: string) =>
  makeAnew(run, (payloads) => payloads.map((payload) => payload.replaceAll(from, to)));

const otherForms: [from: string, to: string, says: string, next: string][] = [
  [
    "urn:interlock:run:2",
    "urn:interlock:run:1",
    "urn:interlock:run 1 is of an older Interlock; this one reads 2",
    "run again",
  ],
  [
    "urn:interlock:run:2",
    "urn:interlock:run:3",
    "urn:interlock:run 3 is of a newer Interlock; this one reads 2",
    "take the newer",
  ],
  [
    '"historyVersion":2',
    '"historyVersion":1',
    "its history, version 1 is of an older Interlock; this one reads 2",
    "run again",
  ],
  [
    '"historyVersion":2',
    '"historyVersion":3',
    "its history, version 3 is of a newer Interlock; this one reads 2",
    "take the newer",
  ],
];
test.each(otherForms)(
  "%s said as %s is another form, and in the way of a GO",
  async (from, to, says, next) => {
    const decision = await askGate(await storeWith(saying(from, to)), green);
    expect(decision).toMatchObject({ decision: "NO-GO", exit: 2 });
    expect(reasons(decision)).toContain(says);
    expect(reasons(decision)).not.toContain("damaged");
    expect(JSON.stringify(decision.findings)).toContain(next);
  },
);

test.each([
  ["urn:interlock:run:2", "urn:interlock:run:02"],
  ["urn:interlock:run:2", "urn:interlock:run:-2"],
  ['"historyVersion":2', '"historyVersion":"1"'],
  ['"historyVersion":2', '"historyVersion":1.5'],
])("%s said as %s is no other form, and damaged", async (from, to) => {
  const decision = await askGate(await storeWith(saying(from, to)), green);
  expect([decision.exit, reasons(decision)]).toEqual([2, expect.stringContaining("the evidence is damaged")]);
});

test.each([
  ["another image of the database", "d".repeat(64), "e".repeat(64), "other images of databases"],
  ["another database", '"mysql"', '"mariadb"', "other images of databases"],
  [
    "another verdict for other tools",
    '"result":"PASSED"',
    '"result":"FAILED"',
    "its statements for other tools",
  ],
])("%s in evidence that is made anew is noticed", async (_, from, to, said) => {
  const decision = await askGate(await storeWith(saying(from, to)), green);
  expect([decision.exit, reasons(decision)]).toEqual([2, expect.stringContaining(said)]);
});

test("the history of another run under a green statement is noticed", async () => {
  const other = await keep(told, await folder());
  const store = await storeWith((run) => cp(join(other.folder, "history.jsonl"), join(run, "history.jsonl")));
  const decision = await askGate(store, green);
  expect(decision).toMatchObject({ decision: "NO-GO", exit: 2 });
  expect(reasons(decision)).toContain("another than the one that was attested");
});

test("a red history under a statement that says pass is red", async () => {
  const isEnd = ({ operation }: ExchangeEvent) => operation === "job.show";
  const lying = withExchanges(told, (exchange) =>
    isEnd(exchange) && exchange.outcome === "ok"
      ? { ...exchange, reply: { ...Object(exchange.reply), num_records: 4711 } }
      : exchange,
  );
  const store = await folder();
  await keep(lying, store);
  const decision = await askGate(store, green);
  expect(decision).toMatchObject({ decision: "NO-GO", exit: 1 });
  expect(reasons(decision)).toMatch(/^C: .*num_records/m);

  const { proofs } = await gatherAll([store], { keys: [], note: () => {} });
  const report = gateReport(
    decision,
    { candidate: [], deployed: "", decidedAt: 0, further: [] },
    await recordedOfFindings(decision.findings, proofs),
  );
  const shown = report.cases.filter(({ reason }) => reason?.includes("num_records"));
  expect(shown.length).toBeGreaterThan(0);
  for (const { path, histories } of shown) {
    const [history] = histories ?? [];
    // The query of an export is a job beside those of the matrix.
    if (history?.about === "no job") continue;
    const own = jobPaths(runOf(history?.events ?? []).schedule)[Number(history?.about) - 1];
    expect(path.endsWith(`/${cellName(own ?? { path: "?/?/?" })}`)).toBe(true);
  }
});
