import { beforeAll, describe, expect, test } from "vitest";
import { field } from "../../contracts/step.ts";
import type { ExchangeEvent } from "../../harness/history/event.ts";
import { junit } from "../../harness/report/formats/junit.ts";
import { markdown } from "../../harness/report/formats/markdown.ts";
import { matrixReport } from "../../harness/report/matrix.ts";
import {
  buildOf,
  isRefused,
  jobOf,
  judged,
  runOf,
  type ToldMatrix,
  toldMatrix,
  withExchanges,
  withRun,
} from "./told-matrix.ts";

/** Attacks on the verdict of a matrix: who did the work, whether any was done, and how much of the whole it is. */

let whole: ToldMatrix;
beforeAll(async () => {
  whole = await toldMatrix();
});

const v5 = "worker-v5-1";
const v6 = "worker-v6-1";
const cell = "current/v5-presto/web";

describe("a run in which each did its own work", () => {
  test("passes as a whole, with the witnesses of every cell that was worked on", () => {
    const { verdict, checked, reasons, of, partial, cells, coverage } = judged(whole);
    expect({ verdict, checked, reasons }).toEqual({ verdict: "pass", checked: "pass", reasons: [] });
    expect({ of, partial }).toEqual({ of: whole.cells.length, partial: false });
    cells.forEach(({ witness }, i) => {
      const { generation, scenario } = whole.cells[i] as ToldMatrix["cells"][number];
      const worker = { component: generation === "v5" ? v5 : v6, release: "current" };
      expect(witness).toMatchObject(
        isRefused(scenario) ? { claimed: null, finished: null } : { claimed: worker, finished: worker },
      );
    });
    expect(coverage.workers.map(({ finished }) => finished > 10)).toEqual([true, true]);
  });
});

describe("what another worker did", () => {
  test("all jobs of v5 handed to v6 are violations", () => {
    const told = withExchanges(whole, (event) =>
      event.by === v5 ? { ...event, by: v6, generation: "v6" } : event,
    );
    const { verdict, checked, cells } = judged(told);
    expect([verdict, checked]).toEqual(["violation", "violation"]);
    const red = cells.filter(({ violations }) => violations.some(({ invariant }) => invariant === "W"));
    const worked = whole.cells.filter((one) => one.generation === "v5" && !isRefused(one.scenario));
    expect(red.map(({ path }) => path)).toEqual(worked.map(({ path }) => path));
  });

  test.each<[string, (operation: string) => boolean]>([
    ["only the claims", (operation) => operation === "worker.claim"],
    ["only the reports", (operation) => operation === "worker.finish"],
    ["only the receipts", (operation) => operation === "worker.receipt"],
  ])("%s of one job by another worker of its generation are a violation", (_, isOther) => {
    const id = jobOf(whole, cell);
    const told = withExchanges(whole, (event) =>
      event.job === id && isOther(String(event.operation)) ? { ...event, by: "worker-v5-2" } : event,
    );
    expect(redIn(told)).toEqual({ [cell]: expect.arrayContaining(["W"]) });
  });

  test("what nobody was seen to do is a violation", () => {
    const id = jobOf(whole, cell);
    const told = withExchanges(whole, (event) => (event.job === id && event.by === v5 ? null : event));
    expect(redIn(told)[cell]).toContain("W");
  });

  test("a candidate that is attested and idles makes the run missing, however green its cells", () => {
    const { builds } = runOf(whole.events);
    const idle = buildOf("worker-v5-2", { release: "candidate" });
    const told = { ...whole, events: withRun(whole.events, { builds: [...builds, idle] }) };
    const { verdict, exit, checked, reasons } = judged(told);
    expect({ verdict, exit, checked, reasons }).toEqual({
      verdict: "missing",
      exit: 2,
      checked: "missing",
      reasons: ["worker-v5-2 (release candidate, attested) finished 0 jobs"],
    });
  });

  test.each<[string, (exchange: ExchangeEvent) => boolean, string]>([
    [
      "no result of v6 in one of the formats",
      ({ customer, request }) => customer === "hdp2" && field(request, "format") === "msgpack",
      "the result of a job of v6 was not answered msgpack",
    ],
    [
      "no result by Range",
      ({ headers }) => headers?.request["range"] !== undefined,
      "the result of a job of v5 was not answered by Range",
    ],
    [
      "no list by status",
      ({ operation, request }) => operation === "job.list" && field(request, "status") != null,
      "the list of cdh4 was not answered by status",
    ],
  ])("a run in which there was %s is missing, however green its cells", (_, isLeft, reason) => {
    const told = withExchanges(whole, (event) => (isLeft(event) ? null : event));
    const { verdict, checked, reasons } = judged(told);
    expect([verdict, checked]).toEqual(["missing", "missing"]);
    expect(reasons.some((text) => text.startsWith(reason))).toBe(true);
  });

  test("a claim as another build than the attested one makes its cell missing", () => {
    const id = jobOf(whole, cell);
    const told = withExchanges(whole, (event) =>
      event.job === id && event.operation === "worker.claim"
        ? { ...event, request: { ...(event.request as object), version: "yesterday's" } }
        : event,
    );
    const { verdict, checked, cells } = judged(told);
    expect([verdict, checked]).toEqual(["missing", "missing"]);
    expect(cells.find(({ path }) => path === cell)).toMatchObject({
      verdict: "missing",
      reason: expect.stringContaining(`${v5} claimed the job as build yesterday's`),
    });
  });

  test("an image that inherits the label of another is told apart by its own id", () => {
    const report = (image: string) => {
      const builds = runOf(whole.events).builds.map((build) => ({ ...build, digest: "abc", image }));
      const { cells, ...result } = judged({ ...whole, events: withRun(whole.events, { builds }) });
      return matrixReport({ ...result, cells }, () => "").text;
    };
    expect(report("sha256:1111")).toContain("api abc in 1111");
    expect(report("sha256:2222")).toContain("api abc in 2222");
  });
});

describe("jobs of v6 that v5 does", () => {
  const ofV6 = () =>
    whole.cells.filter((one) => one.generation === "v6" && !isRefused(one.scenario)).map(({ path }) => path);

  const doneByV5 = (engine: string) => {
    const ids = new Set(ofV6().map((path) => jobOf(whole, path)));
    return withExchanges(whole, (event) => {
      if (!ids.has(String(event.job)) || event.by !== v6) return event;
      const changed = { ...event, by: v5, generation: "v5" as const };
      return event.operation === "worker.claim" ? { ...changed, reply: asV5(event.reply, engine) } : changed;
    });
  };

  test("prove nothing about v6 where the API takes their customer for one of the other cluster", () => {
    const { verdict, checked, cells } = judged(doneByV5("hive-cdh4"));
    expect([verdict, checked]).toEqual(["missing", "missing"]);
    const missing = cells.filter((one) => one.verdict === "missing");
    expect(missing.map(({ path }) => path)).toEqual(ofV6());
    for (const { reason } of missing)
      expect(reason).toContain("on hive-cdh4, not on hive-hdp2: the customer in the config is of another");
  });

  test("are violations where the API knows better", () => {
    const red = redIn(doneByV5("hive-hdp2"));
    expect(red).toEqual(Object.fromEntries(ofV6().map((path) => [path, expect.arrayContaining(["W"])])));
  });
});

describe("a run that leaves something out", () => {
  test.each<[string, (one: ToldMatrix["cells"][number]) => boolean, string]>([
    [
      "no v5",
      ({ generation }) => generation === "v6",
      "v5-presto and v5-hive-cdh4 untested: no worker runs what customers.cdh4 can ask for",
    ],
    [
      "no v6",
      ({ generation }) => generation === "v5",
      "v6-hive-hdp2 untested: no worker runs what customers.hdp2 can ask for",
    ],
    [
      "v5 for presto alone",
      ({ engine }) => engine !== "hive-cdh4",
      "v5-hive-cdh4 untested: no worker runs what customers.cdh4 can ask for",
    ],
  ])("%s while its customer is configured is missing", async (_, wanted, what) => {
    const told = await toldMatrix(wanted);
    const { verdict, checked, reasons } = judged(asWhole(told));
    expect({ verdict, checked, reasons }).toEqual({
      verdict: "missing",
      checked: "missing",
      reasons: [what],
    });
  });

  test("of which every job is refused is missing", async () => {
    const told = asWhole(await toldMatrix(({ scenario }) => isRefused(scenario)));
    const { verdict, checked, cells, reasons } = judged(told);
    expect(cells.every((one) => one.verdict === "pass")).toBe(true);
    expect([verdict, checked]).toEqual(["missing", "missing"]);
    expect(reasons).toContain(
      `${v5} (release current, attested) finished 0 jobs, every job of the run is to be refused`,
    );
    expect(reasons.at(-1)).toMatch(/^no job put .*W.* to the test$/);
  });

  test.each<[string, string[], RegExp]>([
    ["no job succeeds", ["query-fails", "killed"], /^no job put I3 to the test$/],
    ["no job delivers", ["no-output", "insert-into"], /^no job put I4 to the test$/],
  ])("in which %s is missing", async (_, names, reason) => {
    const told = asWhole(await toldMatrix(({ scenario }) => names.includes(scenario.name)));
    const { verdict, checked, reasons } = judged(told);
    expect([verdict, checked]).toEqual(["missing", "missing"]);
    expect(reasons).toEqual([expect.stringMatching(reason)]);
  });

  test.each<[string, string, string]>([
    ["a result that was never read", "current/v6-hive-hdp2/no-output", "result"],
    ["a destination that was never looked at", "current/v6-hive-hdp2/web", "destination"],
  ])("%s makes its cell missing", (_, path, key) => {
    const id = jobOf(whole, path);
    const events = whole.events.map((event) => {
      if (event.kind !== "final" || event.job !== id) return event;
      const { [key as "result"]: _left, ...rest } = event;
      return rest;
    });
    const { verdict, checked, cells } = judged({ ...whole, events });
    expect([verdict, checked]).toEqual(["missing", "missing"]);
    expect(cells.filter((one) => one.verdict !== "pass")).toMatchObject([
      { path, verdict: "missing", reason: expect.stringContaining("was not put to the test") },
    ]);
  });
});

test("a part of the matrix is called one in every format, and never reads as the whole", async () => {
  const told = await toldMatrix(({ scenario }) => scenario.name === "no-output");
  const result = judged(told);
  expect(result).toMatchObject({ verdict: "pass", checked: "pass", of: whole.cells.length, partial: true });
  const report = matrixReport(result, () => "");
  const part = `3 of ${whole.cells.length}, partial`;
  for (const text of [report.text, junit.render(report), markdown.render(report)]) {
    expect(text).toContain(part);
    expect(text).not.toContain("3 of 3");
  }
  expect(report.text).toMatch(/^PASS of a subset \(3 of \d+, partial\): 3 pass, /m);
});

/** As if the config had no more than these cells. */
const asWhole = ({ cells, events }: ToldMatrix): ToldMatrix => {
  const { matrix } = runOf(events);
  return {
    cells,
    events: withRun(events, { matrix: { engines: matrix?.engines ?? [], cells: cells.length } }),
  };
};

/** By the path of each cell that is a violation: what it broke. */
const redIn = (told: ToldMatrix): Record<string, string[]> =>
  Object.fromEntries(
    judged(told).cells.flatMap(({ path, verdict, violations }) =>
      verdict === "violation" ? [[path, violations.map(({ invariant }) => invariant)]] : [],
    ),
  );

/** What the API answers a claim of v6, in v5's form. */
function asV5(reply: unknown, engine: string): object {
  const { result_settings: settings, ...job } = (reply as { job: { result_settings: unknown } }).job;
  return { job: { ...job, engine, result_url: settings === null ? null : "web://told" } };
}
