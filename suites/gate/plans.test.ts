import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Checkout } from "./checkout.ts";

/** Rolling plans that a policy requires, from the plan that is written to the gate; containers alone are replaced. */

let checkout: Checkout;
const whole = "plans/worker-v5-1-worker-v6-1-api.json";
const apiFirst = "broken/api.json";
const bad = "2015-08-24";

beforeAll(async () => {
  checkout = await Checkout.open();
  await checkout.paste("script/interlock rollout --save plans");
  await checkout.paste(`script/interlock rollout --api ${bad} --save broken`);
  const live = await checkout.keptBy("script/compat --cell 'current/*/no-output'");
  await rename(checkout.path(live), checkout.path("live"));
  const next = await checkout.keptBy(
    "script/compat --api next --worker v5=next v6=next --cell 'next/*/no-output'",
  );
  await rename(checkout.path(next), checkout.path("next"));
  const badRun = await checkout.keptBy(`script/compat --api ${bad} --cell '${bad}/*/no-output'`);
  await checkout.put("bad.json", await checkout.attested(`${badRun} --component api`));
  await checkout.put("live.json", await checkout.attested(`live --policy --plans ${whole} ${apiFirst}`));
  await checkout.put("next.json", await checkout.attested("next --component api worker-v5 worker-v6"));
});
beforeEach(() => checkout.forgetRuns());
afterAll(() => checkout[Symbol.asyncDispose]());

interface Finding {
  verdict: string;
  pair: string;
  cell: string | null;
  what: string;
  next: string;
}

async function findings(candidate: string): Promise<Finding[]> {
  const line = `script/interlock gate --deployed live.json --candidate ${candidate}.json --json`;
  return JSON.parse((await checkout.paste(line)).stdout).findings;
}
const aboutPlan = async (file: string, candidate: string) =>
  (await findings(candidate)).filter(({ cell }) => cell === file);

/** The folder of the run of a schedule without a fault. */
async function withoutSteps(): Promise<string> {
  for (const run of await checkout.runs()) {
    const folder = join(".interlock/runs", run);
    const [head = ""] = (await checkout.read(join(folder, "history.jsonl"))).split("\n");
    if (JSON.parse(head).schedule.faults.length === 0) return folder;
  }
  throw new Error("expected a run without steps");
}

const commandFor = async (file: string, candidate: string): Promise<string> =>
  (await aboutPlan(file, candidate))[0]?.next ?? "";

describe("a plan that leads everything to the next release", () => {
  test("is missing, and the command that is printed shows it", async () => {
    const before = await aboutPlan(whole, "next");
    expect(before).toMatchObject([
      {
        verdict: "missing",
        pair: expect.stringMatching(/^api current .* to api next .*worker-v6 next/),
        what: "no run of this rolling plan between these builds is in the evidence",
      },
    ]);
    const command = await commandFor(whole, "next");
    expect(command).toContain(
      "--api current --worker v5=current --worker v6=current --to api=next --to v5=next",
    );
    expect(await checkout.paste(command)).toMatchObject({ exitCode: 0 });
    expect(await aboutPlan(whole, "next")).toEqual([]);
    // The API alone is not led to this candidate by it.
    expect(await aboutPlan(apiFirst, "next")).toMatchObject([{ verdict: "missing" }]);
  });

  test("is not shown where the run of the same jobs without its steps is lost, or was touched", async () => {
    const command = await commandFor(whole, "next");
    await checkout.paste(command);
    const twin = await withoutSteps();
    const history = join(twin, "history.jsonl");
    const written = await checkout.read(history);
    await checkout.put(history, written.replace('"success"', '"error"'));
    expect(await aboutPlan(whole, "next")).toMatchObject([{ verdict: "missing" }]);
    await rm(checkout.path(twin), { recursive: true });
    expect(await aboutPlan(whole, "next")).toMatchObject([
      {
        verdict: "missing",
        what: expect.stringContaining("nobody has run the same jobs without its steps"),
        next: command,
      },
    ]);
  });

  test("is not shown by one of fewer steps under the same name, which the command refuses", async () => {
    const command = await commandFor(whole, "next");
    const plan = JSON.parse(await checkout.read(whole));
    await checkout.put(whole, { ...plan, faults: plan.faults.slice(0, 2) });
    try {
      expect(await checkout.paste(command)).toMatchObject({
        exitCode: 64,
        stderr: expect.stringContaining("holds another schedule"),
      });
      await checkout.paste(`script/interlock replay ${whole} --rig containers`);
      expect(await aboutPlan(whole, "next")).toMatchObject([{ verdict: "missing" }]);
    } finally {
      await checkout.put(whole, plan);
    }
  });

  test("is not asked for where the candidate has another API alone", async () => {
    expect(await aboutPlan(whole, "bad")).toEqual([]);
  });
});

test("the API of 2015, which goes first: the plan is red on its way, and the gate says NO-GO for good", async () => {
  const command = await commandFor(apiFirst, "bad");
  expect(command).toContain(`--to api=${bad}`);
  expect(await checkout.paste(command)).toMatchObject({ exitCode: 1 });
  const red = (await findings("bad")).filter(({ verdict }) => verdict === "violation");
  // The second from the run of the same jobs without the step, which the command leaves beside it.
  expect(red.map(({ what }) => what.split(":")[0])).toEqual(expect.arrayContaining(["I4", "I10"]));
  expect(red[0]?.pair).toMatch(new RegExp(`api current .* api ${bad}$`));
});

test("rollout in containers runs every plan of the window ahead, and leaves what the gate asks for", async () => {
  const { exitCode, stdout, stderr } = await checkout.paste("script/interlock rollout --rig containers");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining("no step more") });
  const [, plans = "0"] = /^PASS: (\d+) plans through 1 window, 0 red/m.exec(stdout) ?? [];
  const written: string[] = [];
  for (const name of await readdir(checkout.path("plans"))) {
    const { releases } = JSON.parse(await checkout.read(join("plans", name)));
    if (releases.api === "current") written.push(join("plans", name));
  }
  expect(written).toHaveLength(Number(plans));
  await checkout.put("all.json", await checkout.attested(`live --policy --plans ${written.join(" ")}`));
  const line = "script/interlock gate --deployed all.json --candidate next.json --json";
  const open: Finding[] = JSON.parse((await checkout.paste(line)).stdout).findings;
  expect(open.filter(({ cell }) => cell?.startsWith("plans/"))).toEqual([]);
});

test("rollout in containers to the API of 2015 is red, with a plan to replay there", async () => {
  const { exitCode, stdout } = await checkout.paste(`script/interlock rollout --api ${bad} --rig containers`);
  expect(exitCode).toBe(1);
  const [, line = ""] = /the plan: (script\/interlock replay \S+ --rig containers)$/m.exec(stdout) ?? [];
  expect(await checkout.paste(line)).toMatchObject({ exitCode: 1 });
});

describe("what no run could show is refused with 64", () => {
  const cases: Record<string, [argv: string, said: string]> = {
    "a plan among faults": [`attested live --policy --faults ${whole}`, "--plans takes such schedules"],
    "a schedule without steps among plans": ["attested live --policy --plans lost.json", "no version step"],
    "plans without a policy": [`attested live --plans ${whole}`, "are parts of the policy"],
    "another release of what no step changes": [
      `replay ${apiFirst} --to v6=next`,
      `--to v6: no step of ${apiFirst} changes that`,
    ],
    "a release of nothing": [`replay ${whole} --to v7=next`, "--to v7=next: expected"],
    "steps of a schedule without any": ["replay lost.json --to api=next", "no version step"],
  };

  test.each(Object.entries(cases))("%s", async (_, [argv, said]) => {
    await checkout.put("lost.json", {
      format: 2,
      workload: { jobs: [{ scenario: "no-output", engine: "presto" }], workers: 1 },
      releases: { api: "current", workers: {} },
      seed: 1,
      faults: [
        {
          at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 1, phase: "after" },
          fault: { kind: "lost" },
        },
      ],
    });
    const { exitCode, stderr } = await checkout.paste(`script/interlock ${argv}`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining(said) });
  });
});
