import { describe, expect, test } from "vitest";
import { decide } from "../decide.ts";
import type { Build, RequiredPlan } from "../policy.ts";
import type { Proof } from "../proof.ts";
import type { Question } from "../question.ts";
import {
  buildOf,
  candidate,
  cellOf,
  deployed,
  hourMs,
  i4,
  now,
  plan,
  proofWith,
  scheduledAs,
} from "../testing/question.ts";
import { api, apiFirst, asked, attested, jobOf, releases, run, unnamed, v5 } from "../testing/rolled.ts";

/** Rolling plans that the policy requires: from what is live to the candidate. */

test("is shown by a run from what is live to the candidate in which all passed", () => {
  const decision = decide(asked([run()]));
  expect(decision).toMatchObject({ decision: "GO", exit: 0, required: 7, shown: 7 });
  expect(decision.counted).toContain("runs/rolled");
});

test("is asked for by a command that names where it begins and where it leads", () => {
  expect(decide(asked([])).findings).toMatchObject([
    {
      verdict: "missing",
      pair: "api current (digest-a1) + worker-v5 current (digest-b1) to api next (digest-a2)",
      cell: "api-first.json",
      what: "no run of this rolling plan between these builds is in the evidence",
      next: {
        replay: {
          file: "api-first.json",
          digest: apiFirst.digest,
          api: "current",
          workers: { v5: "current" },
          to: { api: "next", workers: {} },
        },
      },
    },
  ]);
});

describe("which are asked for", () => {
  const required = (plans: RequiredPlan[], more: Partial<Question> = {}) =>
    decide(asked([], more, plans)).required - 6;
  const older = buildOf("api", "a0", "older");

  test("one that changes what the candidate has no build of is not", () => {
    expect(required([{ ...apiFirst, changes: ["v5"] }])).toBe(0);
    expect(required([{ ...apiFirst, changes: ["api", "v5"] }])).toBe(0);
  });

  test("but a candidate to which none leads is told as such: nothing would be shown of its way", () => {
    const changed = (changes: RequiredPlan["changes"]) =>
      decide(asked([], {}, [{ ...apiFirst, changes }])).findings.map(({ pair, what }) => [pair, what]);
    const untold = ["api next (digest-a2)", "no rolling plan of the policy leads to it from what is live"];
    expect(changed(["v5"])).toEqual([untold]);
    expect(changed(["api", "v5"])).toEqual([untold]);
    expect(changed(["api"])).not.toContainEqual(untold);
  });

  test("the first build of its kind takes the place of nothing", () => {
    const builds = deployed.builds.filter(({ component }) => component !== "worker-v6");
    const policy = { ...deployed.policy, plans: [apiFirst] };
    const { findings } = decide(
      asked([run()], { candidate: [buildOf("worker-v6", "c2")], deployed: { ...deployed, builds, policy } }),
    );
    expect(findings.map(({ what }) => what).join()).not.toContain("no rolling plan of the policy");
  });

  test("nor one that would lead from a build to itself", () => {
    expect(required([apiFirst], { candidate: [api] })).toBe(0);
  });

  test("from each build that is live, also one that only ends its jobs", () => {
    const builds = [...deployed.builds, older];
    const policy = { ...deployed.policy, plans: [apiFirst] };
    const { findings } = decide(asked([run()], { deployed: { ...deployed, builds, policy } }));
    const open = findings.filter(({ cell }) => cell === apiFirst.file);
    expect(open.map(({ pair }) => pair)).toEqual([expect.stringMatching(/^api older .* to api next /)]);
  });

  test("what no config can run is told as that", () => {
    const gone = buildOf("api", "a2", "gone");
    const { findings } = decide(asked([], { candidate: [gone] }));
    expect(findings.find(({ cell }) => cell === apiFirst.file)?.next).toEqual({
      do: expect.stringContaining("give the config all of these releases"),
    });
  });
});

describe("is not shown by", () => {
  const { inputs } = run();
  const attacks: Record<string, [said: RegExp, runs: Proof[]]> = {
    "another plan": [/no run of this/, [run({ scheduled: scheduledAs("2".repeat(64)) })]],
    "the matrix": [/no run of this/, [run({ scheduled: null })]],
    "a run that never came to the candidate": [/no run of this/, [run({ later: [] })]],
    "one that came to another build": [
      /no run of this/,
      [run({ later: [attested(buildOf("api", "a9", "next"))] })],
    ],
    "one that began with the candidate": [
      /no run of this/,
      [run({ builds: proofWith([candidate, v5]).builds, later: [attested(api)] })],
    ],
    "one that also came to a build that is not live": [
      /not listed as live/,
      [run({ later: [attested(candidate), attested(buildOf("worker-v5", "b9"))] })],
    ],
    "one in which nobody knows whether a life was the candidate": [
      /nobody knows which build api as release next was/,
      [run({ later: [attested(candidate), unnamed(candidate)] })],
    ],
    "one that came to nothing but such a life": [
      /nobody knows which build api as release next was/,
      [run({ later: [unnamed(candidate)] })],
    ],
    "a step that was not taken": [
      /did not fire/,
      [
        run({
          scheduled: scheduledAs(apiFirst.digest, {
            lacks: ["the api becomes release next: it did not fire"],
          }),
        }),
      ],
    ],
    "code in this process": [/on the rig simulated/, [run({ rig: "simulated" })]],
    "an old run": [/older than the 168 hours/, [run({ at: now - 169 * hourMs })]],
    "another harness": [/another version of Interlock/, [run({ inputs: { ...inputs, harness: "other" } })]],
    "a later release that was started otherwise": [
      /started or set otherwise/,
      [run({ inputs: { ...inputs, config: plan.configOf(releases) ?? "" } })],
    ],
    "a job without a verdict": [
      /missing: not issued/,
      [run({ cells: [jobOf({ verdict: "missing", reason: "not issued" })] })],
    ],
    "another scenario of this name": [/another scenario/, [run({ cells: [jobOf({ scenario: "easier" })] })]],
    "no job": [/it had no job/, [run({ cells: [] })]],
  };

  test.each(Object.entries(attacks))("%s", (_, [said, runs]) => {
    const decision = decide(asked(runs));
    expect(decision).toMatchObject({ decision: "NO-GO", exit: 2, shown: 6, required: 7 });
    expect(decision.findings.map(({ cell }) => cell)).toEqual([apiFirst.file]);
    expect(decision.findings[0]?.what).toMatch(said);
  });
});

test("what broke on the way speaks against the candidate, whatever passed later and whatever is required", () => {
  const broken = run({ cells: [jobOf({ verdict: "violation", broken: i4 })] });
  for (const plans of [[], [apiFirst]])
    expect(decide(asked([broken, run()], {}, plans))).toMatchObject({
      decision: "NO-GO",
      exit: 1,
      findings: [
        {
          verdict: "violation",
          pair: expect.stringMatching(/ \+ api next$/),
          next: { check: "runs/rolled" },
        },
      ],
    });
  expect(decide(asked([broken])).findings).toHaveLength(1);
});

test.each<[string, Build, "NO-GO" | "GO"]>([
  ["the candidate", candidate, "NO-GO"],
  ["another image", buildOf("api", "a9", "next"), "GO"],
])("what broke where a life that never named itself was %s by its image: %s", (_, build, decision) => {
  const broken = run({
    later: [unnamed(build)],
    cells: [jobOf({ verdict: "violation", broken: i4 })],
  });
  expect(decide(asked([broken], {}, []))).toMatchObject({ decision });
});

test("an image that called itself otherwise when a step brought it in is told", () => {
  const other = { ...attested(candidate), digest: "digest-other" };
  const { findings } = decide(asked([run({ later: [other] })]));
  expect(findings.map(({ what }) => what)).toContainEqual(
    "api next: its image was attested with another digest than the listed one",
  );
});

test("it shows no cell of the matrix and no schedule of the pair that it came to", () => {
  const scenarios = [...plan.scenarios.keys()].map((cell) => cellOf(cell));
  const decision = decide(asked([], { proofs: [run({ cells: scenarios, lacks: [], isProbed: true })] }));
  expect(decision).toMatchObject({ decision: "NO-GO", exit: 2, shown: 0 });
});
