import { describe, expect, test } from "vitest";
import { asRead } from "../../contracts/bounds/wide-integers.ts";
import { isFileReply } from "../../contracts/exchange.ts";
import { fileBodyOf } from "../../contracts/file-body.ts";
import type { ApiProcess, Reply } from "../../contracts/in-process.ts";
import { generations } from "../../contracts/job.ts";
import type { ResultFile } from "../../contracts/operation.ts";
import { field } from "../../contracts/step.ts";
import type { ExchangeEvent, HistoryEvent } from "../../harness/history/event.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { extremes } from "../../harness/probe/extremes.ts";
import { declared, isTold, isUnasked, type Question } from "../../harness/probe/limits.ts";
import { type Input, Party, type ProbePort } from "../../harness/probe/probe.ts";
import { customers, database, stateSeed, tokens } from "../../harness/rigs/in-process/accounts.ts";
import { findSystem } from "../../harness/rigs/in-process/find-system.ts";
import { authorizationOf, probeExchange } from "../../harness/rigs/probe-calls.ts";
import { runEvent } from "../../harness/testing/whole-history.ts";
import { config, releases } from "../status-sync/system.ts";
import { isAt, isBeyond, withLegal } from "./limits.ts";

/** Each limit that the contract declares is asked at and beyond, and an API that is off by one at one of them is red. */

const system = await findSystem(config, releases, [], "simulated");

type Served = (operation: string, input: Input, call: (input: Input) => Promise<Reply>) => Promise<Reply>;

type Asked = ExchangeEvent & { at: number };

/** What is asked at limits of an API alone, by its own code or by what stands before it. */
async function askedOf(served: Served): Promise<Asked[]> {
  const events: Asked[] = [];
  const stop = new AbortController();
  let now = 1_000;
  const clock = { now: () => now, monotonic: () => now, sleep: () => new Promise<void>(() => {}) };
  const willing = () => {};
  const api: ApiProcess = system.startApi(system.createState(stateSeed([])), {
    clock,
    database: (_, effect) => effect(willing),
    stop: stop.signal,
  });
  const keys = { customers: { cdh4: customers.cdh4.apikey, hdp2: customers.hdp2.apikey }, workers: tokens };
  const port: ProbePort = {
    leaseMs: system.limits.leaseMs,
    lacks: [],
    databases: { cdh4: database, hdp2: database },
    sleep: async () => {},
    call: async (by, credential, operation, input) => {
      now += 1;
      const sent = now;
      const answer = await served(operation, input, async (given) => {
        const reply = await api.call(operation, given, authorizationOf(credential, operation, keys));
        const isFile = isFileReply(operation, reply.status);
        return { ...reply, body: isFile ? fileBodyOf((reply.body as ResultFile).bytes) : asRead(reply.body) };
      });
      now += 1;
      events.push({ ...probeExchange({ by, credential, operation, input, sent }, answer), at: now });
      return answer;
    },
  };
  for (const [i, generation] of generations.entries()) await extremes(new Party(port, generation), i === 0);
  stop.abort();
  return events;
}

const { limits } = system;
/** A history of no job of its own. */
const historyOf = (events: readonly Asked[]): HistoryEvent[] => {
  const schedule = { ...runEvent.schedule, workload: { jobs: [], workers: 1 }, faults: [] };
  const bodies = [{ ...runEvent, schedule, scenarios: {}, limits, builds: [] }, ...events];
  return bodies.map((body, seq) => ({ seq, at: body.kind === "run" ? 0 : body.at, ...body }));
};

const right = await askedOf((_, input, call) => call(input));
const reasonOf = ({ reply }: Asked): unknown => field(field(reply, "details"), "reason");
const named = (question: Question): string => {
  const { path, of, side, bound } = question.limit;
  return `${question.operation}: ${path}, ${side} ${of} ${bound}`;
};
const cases = declared.map((question) => ({ name: named(question), ...question }));
const askedAt = cases.filter((one) => !isUnasked(one));
const askedBeyond = askedAt.filter(isTold);

test("the reference API is right at every limit", () => {
  const { loose, broken, unjudged } = judgeHistory(historyOf(right));
  expect({ loose, broken, unjudged }).toEqual({ loose: [], broken: [], unjudged: 0 });
});

const refused: Reply = {
  status: 422,
  body: {
    error: "it is wrong",
    text: "it is wrong",
    severity: "error",
    details: { reason: "invalid_input" },
  },
};

/** What the judge says of an API that takes these for the other side of the limit. */
async function seen(served: Served): Promise<readonly string[]> {
  const { loose, broken } = judgeHistory(historyOf(await askedOf(served)));
  return [...loose, ...broken.flatMap(({ witnesses }) => witnesses)];
}

describe("an API is red that", () => {
  test.each(askedAt.filter(({ limit }) => limit.of !== "multiple"))(
    "refuses $name",
    async ({ operation, limit }) => {
      const off = await seen(async (one, input, call) =>
        one === operation && isAt(limit, input) ? refused : await call(input),
      );
      expect(off).not.toEqual([]);
    },
  );

  test.each(askedBeyond)("takes more than $name", async ({ operation, limit }) => {
    const off = await seen(async (one, input, call) => {
      if (one !== operation || !isBeyond(limit, input)) return await call(input);
      const { legal, undone } = withLegal(limit, input);
      const reply = await call(legal);
      return { ...reply, body: undone(reply.body) };
    });
    expect(off).not.toEqual([]);
  });
});

describe("is asked", () => {
  test.each(askedAt.filter(({ limit }) => limit.of !== "multiple"))(
    "at $name, and not refused as wrong",
    ({ operation, limit }) => {
      const found = right.filter(
        (event) => event.operation === operation && isAt(limit, event.request as Input),
      );
      expect(found.map(reasonOf)).toContainEqual(expect.not.stringMatching("invalid_input"));
    },
  );
  test.each(askedBeyond)("beyond $name, and refused", ({ operation, limit }) => {
    const found = right.filter(
      (event) => event.operation === operation && isBeyond(limit, event.request as Input),
    );
    expect(found.map(reasonOf)).toContain("invalid_input");
  });
});
