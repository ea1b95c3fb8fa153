import { describe, expect, test } from "vitest";
import type { LogEntry, Ports } from "../../../fixtures/api/ports.ts";
import type { Tx } from "../../../fixtures/api/store/store.ts";
import { watchedQueues } from "../../../fixtures/api/upkeep/watched-queues.ts";
import { over } from "../../../fixtures/mutants/patches.ts";
import { type Flood, flooded } from "./flood.ts";

const minute = 60_000;

describe("more chunks come each second than two queues can import", () => {
  test("the backlog grows, is said to have no end, and drains once there is a third queue, as soon as is said", async () => {
    const { backlog, pass, setQueues, until } = await flooded({ chunksASecond: 4 });
    await pass(5 * minute);
    const before = await backlog();
    expect(before).toMatchObject({ state: "late", leftSeconds: null });
    await pass(3 * minute);
    expect((await backlog()).waiting).toBeGreaterThan(before.waiting + 100);
    await setQueues(3);
    await pass(2 * minute);
    const draining = await backlog();
    const left = draining.leftSeconds ?? 0;
    expect(left).toBeGreaterThan(0);
    await pass((left / 2) * 1_000);
    // At that pace half of it is gone after half of the time.
    expect((await backlog()).waiting / draining.waiting).toBeGreaterThan(0.4);
    expect((await backlog()).waiting / draining.waiting).toBeLessThan(0.6);
    expect(await until(({ state }) => state === "ok")).toBeLessThan(left / 2);
  });
});

/** As many as two queues can import. */
const bearable = 2.6;

type Verbs = (tx: Tx, process: string) => Partial<Tx>;
const build =
  (verbs: Verbs): NonNullable<Flood["storeOf"]> =>
  (store, process) => ({
    ...store,
    transaction: (label, work) => store.transaction(label, (tx) => work(over(tx, verbs(tx, process)))),
  });

const oneKeyForAll = build((tx) => ({ insertChunk: (chunk) => tx.insertChunk({ ...chunk, queueKey: 0 }) }));

/** Those that wait stay where they are. */
const passingOver = (isPassedOver: (queue: number, process: string) => boolean) =>
  build((tx, process) => ({
    lockNextChunks: async (queue, ...rest) => {
      const next = await tx.lockNextChunks(queue, ...rest);
      return isPassedOver(queue, process) ? { ...next, chunks: [] } : next;
    },
  }));

const firstQueueAlone = passingOver((queue) => queue !== 0);
const idleProcess = passingOver((_, process) => process === "api-2");

type Watch = NonNullable<Flood["watch"]>;
const saying =
  (change: (entry: LogEntry) => LogEntry[]): Watch =>
  (ports) =>
    watchedQueues({ ...ports, log: (entry) => void change(entry).map(ports.log) });

const neverSays: Watch = saying(() => []);
const saysAnotherQueue: Watch = saying((entry) => [
  { ...entry, unbalanced: ["queue 1 was given 90 chunks, queue 0 0"] },
]);
const saysItLate: Watch = (ports: Ports) => {
  const look = watchedQueues(ports);
  return async () => (ports.clock.now() > 4 * minute ? await look() : undefined);
};
const alwaysSays: Watch =
  ({ log }) =>
  async () =>
    log({ event: "import_queues", unbalanced: ["queue 0 was given 90 chunks, queue 1 0"] });

/** Runs until a chunk is late, and five minutes at most. @returns what is wrong with what was said by then */
async function problemsOf(flood: Partial<Flood>, says: RegExp | null): Promise<string[]> {
  const { log, pass, backlog } = await flooded({ chunksASecond: bearable, processes: two, ...flood });
  for (let at = 0; at < 5 && (await backlog()).state === "ok"; at += 0.5) await pass(minute / 2);
  const said = log.flatMap(({ unbalanced }) => (Array.isArray(unbalanced) ? unbalanced.map(String) : []));
  if (says === null) return said.length === 0 ? [] : ["a warning, though all is even"];
  if (said.length === 0) return ["no warning before a chunk was late"];
  return said.some((text) => says.test(text)) ? [] : ["the warning does not say what is so"];
}

const one = ["api-1"];
const two = ["api-1", "api-2"];
const ofOneKey = /^queue 0 was given \d+ chunks, queue 1 0$/;

describe("what is out of balance is said before a chunk is late", () => {
  test("where one queue has all chunks, they are late within minutes", async () => {
    const { until } = await flooded({ chunksASecond: bearable, processes: one, storeOf: oneKeyForAll });
    expect(await until(({ state }) => state === "late")).toBeLessThan(180);
  });

  test.each<[string, Partial<Flood>, RegExp | null]>([
    ["nothing where all is even", {}, null],
    ["all chunks in one queue", { storeOf: oneKeyForAll, processes: one }, ofOneKey],
    [
      "all importers at the first queue",
      { storeOf: firstQueueAlone },
      /^queue 1 is served by 0 connections, queue 0 by 2$/,
    ],
    ["a process that imports nothing", { storeOf: idleProcess }, /^api-2 has imported 0 chunks, api-1 \d+$/],
  ])("%s", async (_, flood, says) => {
    expect(await problemsOf(flood, says)).toEqual([]);
  });

  test.each<[string, Partial<Flood>, RegExp | null, string]>([
    [
      "one that never comes",
      { storeOf: oneKeyForAll, processes: one, watch: neverSays },
      ofOneKey,
      "no warning before a chunk was late",
    ],
    [
      "one that comes too late",
      { storeOf: oneKeyForAll, processes: one, watch: saysItLate },
      ofOneKey,
      "no warning before a chunk was late",
    ],
    [
      "one about another queue",
      { storeOf: oneKeyForAll, processes: one, watch: saysAnotherQueue },
      ofOneKey,
      "the warning does not say what is so",
    ],
    ["one that always comes", { watch: alwaysSays }, null, "a warning, though all is even"],
  ])("a warning is wrong: %s", async (_, flood, says, problem) => {
    expect(await problemsOf(flood, says)).toEqual([problem]);
  });
});
