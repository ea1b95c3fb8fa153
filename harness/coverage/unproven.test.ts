import { describe, expect, test } from "vitest";
import { calm, finish, grant, issue, show, type Told } from "../invariants/testing/calls.ts";
import { historyOf, type Story } from "../invariants/testing/history.ts";
import { select, web } from "../invariants/testing/scenarios.ts";
import { onOtherEngine, unproven } from "./unproven.ts";

const build = (component: string, digest = "digest") => ({
  component,
  release: "current",
  digest,
  image: null,
});
const builds = [build("api"), build("worker-v5-1"), build("worker-v5-2")];
const openIn = (story: Story, attested = builds) => unproven(historyOf(story), attested);
const other = { by: "worker-v5-2" };

describe("a job proves its cell", () => {
  test("where one worker did it as the build that was attested", () => {
    expect(openIn({ calls: calm })).toEqual([]);
  });

  test("where a worker took up again what it had left itself", () => {
    const calls = [
      issue(100),
      grant(200, 1),
      grant(40_000, 2),
      finish(41_000, 2, "success"),
      show(42_000, "success"),
    ];
    expect(openIn({ calls })).toEqual([]);
  });
});

describe("a job proves nothing", () => {
  test("of a worker that was handed it and let another finish it", () => {
    const calls = [
      issue(100),
      grant(200, 1, other),
      grant(40_000, 2),
      finish(41_000, 2, "success"),
      show(42_000, "success"),
    ];
    expect(openIn({ calls })).toEqual([
      "worker-v5-2 was handed the job and did not finish it, worker-v5-1 did",
    ]);
  });

  test("of a build that was not the one that claimed it", () => {
    expect(openIn({ calls: calm }, [build("api"), build("worker-v5-1", "another")])).toEqual([
      "worker-v5-1 claimed the job as build digest, attested was another",
    ]);
  });

  test.each<[string, Story]>([
    ["I3", { scenario: select, calls: calm }],
    ["I4", { scenario: web, calls: calm, final: { destination: undefined, result: web.source.rows } }],
    ["L1", { calls: calm, gone: ["worker-v5-2"] }],
    ["I1", { calls: calm.slice(0, -1) }],
  ])("of %s where nobody saw what it promises", (id, story) => {
    expect(openIn(story)).toEqual([expect.stringMatching(new RegExp(`^${id} .* was not put to the test$`))]);
  });
});

describe("a job on another engine", () => {
  const v6 = { by: "worker-v6-1", generation: "v6" } as const;
  const onHdp2 = (more: Partial<Told> = {}): Told => {
    const call = grant(200, 1, more);
    const { job } = call.reply as { job: object };
    return { ...call, reply: { job: { ...job, engine: "hive-hdp2" } } };
  };
  const said = (claim: Told, broken: readonly string[]) =>
    onOtherEngine({ ...historyOf({ calls: [issue(100), claim] }), modelled: [] }, broken);

  test("is told as one where the API named that engine to a worker that runs it, and no more is broken", () => {
    const claim = onHdp2(v6);
    expect(said({ ...claim, reply: v6Form(claim.reply) }, ["W", "C"])).toContain(
      "on hive-hdp2, not on presto",
    );
  });

  test.each<[string, Told, string[]]>([
    ["the engine of its cell", grant(200, 1), ["W"]],
    ["that engine to a worker of another generation", onHdp2(), ["W"]],
    ["that engine, and the job ended wrong", onHdp2(v6), ["W", "E"]],
    [
      "that engine in a form that is none",
      onHdp2({ ...v6, reply: { job: { job_id: "1", attempt: 1 } } }),
      ["W", "C"],
    ],
  ])("is not where the API named %s", (_, claim, broken) => {
    expect(said(claim, broken)).toBeNull();
  });
});

/** The same reply as v6 sees it. */
function v6Form(reply: unknown): object {
  const { result_url: _, ...job } = (reply as { job: { result_url: unknown } }).job;
  return { job: { ...job, result_settings: null } };
}
