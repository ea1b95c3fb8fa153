import { rename } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Checkout } from "./checkout.ts";

/** Schedules with faults that a policy requires, from the file to the gate; containers alone are replaced. */

let checkout: Checkout;
/** What is open about the schedule when nothing was run. */
let before: Told["findings"];
/** The command that fills what is that. */
let command: string;
const bad = "finish-not-idempotent";
const open = "no run of this schedule with these builds is in the evidence";

const lostAt = (occurrence: number, operation = "worker.finish") => ({
  at: { link: "worker->api", operation, job: 1, occurrence, phase: "after" },
  fault: { kind: "lost" },
});
const scheduleOf = (...faults: object[]) => ({
  format: 2,
  // Two of each generation, whose builds are attested under names of their own.
  workload: { jobs: [{ scenario: "web", engine: "presto" }], workers: 2 },
  releases: { api: "current", workers: { v5: "current" } },
  seed: 1,
  faults,
});
const lost = scheduleOf(lostAt(1), lostAt(1, "worker.heartbeat"));

beforeAll(async () => {
  checkout = await Checkout.open();
  await checkout.put("lost.json", lost);
  await checkout.put("never.json", scheduleOf(lostAt(99)));
  await checkout.put("nothing.json", scheduleOf());
  const run = await checkout.keptBy("script/compat --cell 'current/*/no-output'");
  await rename(checkout.path(run), checkout.path("kept"));
  await checkout.put("current.json", await checkout.attested("kept --component api"));
  await checkout.put("live.json", await checkout.attested("kept --policy --faults lost.json"));
  before = aboutSchedule(await askGate());
  command = before[0]?.next ?? "";
});
beforeEach(async () => {
  await checkout.forgetRuns();
  await checkout.put("lost.json", lost);
});
afterAll(() => checkout[Symbol.asyncDispose]());

interface Told {
  exit: number;
  findings: { verdict: string; cell: string | null; what: string; next: string }[];
}

async function askGate(candidate = "current", live = "live"): Promise<Told> {
  const line = `script/interlock gate --deployed ${live}.json --candidate ${candidate}.json --json`;
  return JSON.parse((await checkout.paste(line)).stdout);
}
const aboutSchedule = ({ findings }: Told) => findings.filter(({ cell }) => cell?.endsWith(".json"));

test("the command that is printed shows what was asked for", async () => {
  expect(before).toMatchObject([{ verdict: "missing", what: open }]);
  expect(command).toMatch(/^script\/interlock replay lost\.json --rig containers --digest [0-9a-f]{64} /);
  expect(await checkout.paste(command)).toMatchObject({ exitCode: 0 });
  expect(aboutSchedule(await askGate())).toEqual([]);
});

test("what is run is known by its digest, not by its file", async () => {
  await checkout.put("renamed.json", lost);
  await checkout.paste("script/interlock replay renamed.json --rig containers");
  expect(aboutSchedule(await askGate())).toEqual([]);
});

test("a schedule of the same name with fewer faults shows nothing, and the command refuses it", async () => {
  await checkout.put("lost.json", scheduleOf(lostAt(1)));
  const refused = await checkout.paste(command);
  expect(refused).toMatchObject({ exitCode: 64, stdout: "" });
  expect(refused.stderr).toContain("lost.json: holds another schedule than the one asked for");
  await checkout.paste("script/interlock replay lost.json --rig containers");
  expect(await checkout.runs()).toHaveLength(1);
  expect(aboutSchedule(await askGate())).toMatchObject([{ what: open }]);
});

test("a fault that did not fire leaves it open", async () => {
  await checkout.put("never-live.json", await checkout.attested("kept --policy --faults never.json"));
  const { exitCode } = await checkout.paste("script/interlock replay never.json --rig containers");
  expect(exitCode).toBe(2);
  expect(aboutSchedule(await askGate("current", "never-live"))).toMatchObject([
    { verdict: "missing", cell: "never.json", what: expect.stringMatching(/99th.*: lost: it did not fire$/) },
  ]);
});

test("the same on code in this process leaves no evidence", async () => {
  expect(await checkout.paste("script/interlock replay lost.json")).toMatchObject({ exitCode: 0 });
  expect(await checkout.runs()).toEqual([]);
});

test("a candidate that breaks under it is NO-GO, and the check of its history says the same", async () => {
  const run = await checkout.keptBy(command.replace("--api current", `--api ${bad}`));
  await checkout.put("bad.json", await checkout.attested(`${run} --component api`));
  const told = await askGate("bad");
  expect(told.exit).toBe(1);
  const broken = told.findings.filter(({ verdict }) => verdict === "violation");
  expect(broken.map(({ cell }) => cell)).toEqual(
    broken.map(() => expect.stringMatching(/^schedule [0-9a-f]{12}\/v5-presto\/web$/)),
  );
  expect(broken.map(({ what }) => what.split(":")[0])).toEqual(["I5", "C"]);
  expect(await checkout.paste(broken[0]?.next ?? "")).toMatchObject({ exitCode: 1 });
  // Of the build that is live nothing of it is said.
  expect((await askGate()).exit).toBe(2);
});

test("a mutant must be caught, and a control left alone: the commands that are printed show both", async () => {
  const hunted = await checkout.paste(
    `script/interlock mutants --rig containers --only ${bad} --save mutants`,
  );
  expect(hunted.exitCode).toBe(0);
  await checkout.put(
    "kills-live.json",
    await checkout.attested(`kept --policy --kills mutants/${bad}.json --controls lost.json`),
  );
  const open = async () => aboutSchedule(await askGate("current", "kills-live"));
  const findings = await open();
  expect(findings).toMatchObject([
    { cell: `mutants/${bad}.json`, what: "I5 must catch it: no run of it is in the evidence" },
    { cell: "lost.json", what: "the control must stay green: no run of it is in the evidence" },
  ]);
  const [kill = "", control = ""] = findings.map(({ next }) => next);
  // The right build in the place of the mutant is no kill, and the mutant in that of the control no control.
  await checkout.paste(kill.replace(`--api ${bad}`, "--api current"));
  await checkout.paste(control.replace("--api current", `--api ${bad}`));
  expect((await open()).map(({ what }) => what)).toEqual(findings.map(({ what }) => what));
  expect([await checkout.paste(kill), await checkout.paste(control)]).toMatchObject([
    { exitCode: 1 },
    { exitCode: 0 },
  ]);
  expect(await open()).toEqual([]);
});

describe("what no run could show is refused with 64", () => {
  const cases: Record<string, [argv: string, said: string]> = {
    "a schedule without a fault": ["attested kept --policy --faults nothing.json", "it has no fault"],
    "one that changes releases": [
      `attested kept --policy --faults ${process.cwd()}/docs/rollout.schedule.json`,
      "it changes releases on its way",
    ],
    "schedules without a policy": ["attested kept --faults lost.json", "are parts of the policy"],
    "a kill that says not what must break": [
      "attested kept --policy --kills lost.json",
      "expected a counterexample",
    ],
    "a signature on what leaves no evidence": [
      "replay lost.json --sign KEY",
      "the simulated rig leaves no evidence",
    ],
    "a database that nothing runs on": [
      "replay lost.json --database mariadb-10.11",
      "the simulated rig has no server of a database",
    ],
    "workers of no generation": ["replay lost.json --worker v7=next", "--worker v7=next: expected"],
  };

  test.each(Object.entries(cases))("%s", async (_, [argv, said]) => {
    const { exitCode, stderr } = await checkout.paste(`script/interlock ${argv}`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining(said) });
  });
});
