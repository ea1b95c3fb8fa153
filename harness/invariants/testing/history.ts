import type { Millis } from "../../../contracts/values.ts";
import type { ComponentEvent, EventBody, FinalEvent, HeldEvent, HistoryEvent } from "../../history/event.ts";
import { type JobHistory, jobHistories } from "../../history/job-history.ts";
import { expectedAt, isRefused, rowsAfter, rowsBefore, type Scenario } from "../../schedule/scenario.ts";
import type { Fault, Schedule } from "../../schedule/schedule.ts";
import { statementOf } from "../../schedule/statements.ts";
import type { Trace } from "../../world/traces.ts";
import type { Change } from "../../world/world.ts";
import { finish, grant, issue, kill, list, order, saysRefused, show, type Told } from "./calls.ts";
import { insertInto } from "./scenarios.ts";

/** Small histories of one job, "1", told by hand: what a test does not say went as it should. */

export interface Story {
  /** A job that fills a table, unless said otherwise. */
  scenario?: Scenario;
  /** Faults of the schedule with the moments at which they fired. */
  faults?: readonly { at: Millis; fault: Fault }[];
  calls?: readonly Told[];
  /** Processes that came and went. */
  components?: readonly (Omit<ComponentEvent, "kind"> & { at: Millis })[];
  /** Processes that died for ever. */
  gone?: readonly string[];
  /** What was seen while reports of worker-v5-1 were held. */
  held?: readonly (Omit<HeldEvent, "kind" | "number" | "by"> & { at: Millis })[];
  final?: Partial<FinalEvent>;
  /** What changed in the world besides the rows that the job's order is about; null where nobody compared it. */
  changes?: readonly Change[] | null;
  /** What was done in between. */
  traces?: readonly Trace[];
  /** When the oracle looked. */
  end?: Millis;
}

export const limits = {
  leaseMs: 30_000,
  requestMs: 10_000,
  registerMs: 600_000,
  retryCapMs: 30_000,
  statementMs: 600_000,
  deliveryTryMs: 60_000,
  deliveryMs: 120_000,
};

export function eventsOf({
  scenario = insertInto,
  faults = [],
  calls = [],
  components = [],
  gone = [],
  held = [],
  final,
  changes = [],
  traces = [],
  end = 100_000,
}: Story): HistoryEvent[] {
  const schedule: Schedule = {
    format: 2,
    workload: { jobs: [{ scenario: scenario.name, engine: "presto" }], workers: 2 },
    releases: { api: "current", workers: {} },
    seed: 1,
    faults: faults.map(({ fault }, i) => ({
      at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: i + 1, phase: "before" },
      fault,
    })),
  };
  const scenarios = { [scenario.name]: scenario };
  const run = { id: "run", rig: "simulated", epoch: null, schedule, scenarios, limits, builds: [] };
  const timed: [Millis, EventBody][] = [
    [0, { kind: "run", version: 2, ...run }],
    ...faults.map(({ at }, index): [Millis, EventBody] => [at, { kind: "fault", index, what: "" }]),
    ...components.map(({ at, ...event }): [Millis, EventBody] => [at, { kind: "component", ...event }]),
    ...gone.map((component): [Millis, EventBody] => [
      0,
      { kind: "component", component, what: "exited", detail: "for ever" },
    ]),
    ...calls.map(({ at, ...call }): [Millis, EventBody] => [at, call]),
    ...held.map(({ at, ...look }): [Millis, EventBody] => [
      at,
      { kind: "held", number: 1, by: "worker-v5-1", ...look },
    ]),
    ...(changes === null ? [] : [[end, worldOf(changes, traces)] as [Millis, EventBody]]),
    [end, { ...found(scenario), ...final }],
  ];
  return timed.map(([at, body], seq): HistoryEvent => ({ seq, at, ...body }));
}

const worldOf = (changes: readonly Change[], traces: readonly Trace[]): EventBody => ({
  kind: "world",
  changes,
  traces,
  compared: ["the world"],
  notCompared: [],
});

/** What is found of a job that ended as its scenario promises. */
function found(scenario: Scenario): FinalEvent {
  const { ending, statement } = scenario;
  const { effect } = statementOf(statement);
  const success = ending === "success";
  const destination = expectedAt(scenario, success);
  const accepted = ending !== "refused";
  return {
    kind: "final",
    number: 1,
    job: accepted ? "1" : null,
    stored: accepted ? ending : null,
    leased: false,
    ...(effect === "none" ? {} : { table: success ? rowsAfter(scenario) : (rowsBefore(scenario) ?? null) }),
    ...(destination === null ? {} : { destination }),
    registered: effect === "makes" && success,
    residue: [],
    unsent: 0,
  };
}

export const historyOf = (story: Story): JobHistory => jobHistories(eventsOf(story))[0] as JobHistory;

/** A job as its customer saw it that was told these words by an API that did not take it. */
export const refusal = (status = 422, text = "no such destination") => ({
  job: null,
  outcome: "fail" as const,
  status,
  reply: { error: text, text, severity: "error" },
});

/** A job without faults that went as its scenario promises, its list and its result asked for. */
export function keptStory(scenario: Scenario): Story {
  const { ending, source, statement } = scenario;
  if (ending === "refused")
    return { scenario, calls: [issue(100, { ...refusal(), request: { ...order, result: "nowhere" } })] };
  const readable = statementOf(statement).result !== "none" && ending === "success";
  return {
    scenario,
    calls: [
      issue(100),
      grant(200, 1),
      ...(ending === "killed" ? [kill(300, "booting")] : []),
      finish(700, 1, ending, isRefused(scenario) ? saysRefused : {}),
      show(1_000, ending),
      show(1_100, ending),
      list(1_200, ["1"], {}, ending),
    ],
    final: { listed: true, ...(readable ? { result: source.rows } : {}) },
  };
}

/** A fault that was over after ten seconds. */
export const trouble = [{ at: 500, fault: { kind: "outage", ms: 10_000 } as const }];
