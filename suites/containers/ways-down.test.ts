import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../harness/history/event.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { dockerEngine } from "../../harness/rigs/containers/docker/engine.ts";
import type { Fault, Planned } from "../../harness/schedule/schedule.ts";
import { type Bed, exchangesOf, handleOf, makeBed, scheduleOf, site } from "./schedule-bed.ts";

/** A stop on real containers: SIGTERM, the process's own way down, and SIGKILL where that takes too long. */

let bed: Bed;
beforeAll(async () => {
  bed = await makeBed(["v5"], 1);
});
afterAll(() => bed.leave());

const componentsIn = (events: readonly HistoryEvent[]) =>
  events.flatMap((event) => (event.kind === "component" ? [event] : []));
const logOf = (name: string) => readFile(join(bed.rig.folder, "logs", `${name}.log`), "utf8");
const exitCodeOf = async (id: string | null) => {
  const { State } = await (await dockerEngine()).getContainer(id ?? "").inspect();
  return { isRunning: State.Running, code: State.ExitCode };
};

describe("asked to end", () => {
  test("the API drains, leaves with 0, and is the same container when it is started again", async () => {
    const handle = handleOf(bed.rig.api);
    const asked = await handle.askToEnd();
    expect(handle.state).toBe("ending");
    expect(await handle.askToEnd()).toBeNull();
    expect(await handle.pause()).toBe(false);
    await asked?.ended;
    expect(await exitCodeOf(handle.containerId)).toEqual({ isRunning: false, code: 0 });
    // It is gone already, which is no trouble of the rig.
    expect(await handle.kill()).toBe(true);
    expect(await logOf("api")).toMatch(/"event":"draining".*"event":"stopped"/s);
    await handle.start();
    expect(handle.state).toBe("running");
    expect(await exitCodeOf(handle.containerId)).toMatchObject({ isRunning: true });
  });
});

async function ran(planned: Planned) {
  const { events, unfired } = await bed.run(scheduleOf("presto", "insert-into", 1, [planned]));
  expect(unfired).toEqual([]);
  expect(judgeHistory(events).broken).toEqual([]);
  return events;
}
const at = site("before", "insertInto", "worker->warehouse");
const stop = (graceMs: number): Fault => ({ kind: "stop", process: "worker", graceMs, ms: 2_000 });

test("a worker that has the time ends its job and reports it before it leaves", async () => {
  const events = await ran({ at, fault: stop(60_000) });
  const told = componentsIn(events).map(({ what, detail }) => `${what} ${detail}`);
  expect(told).toEqual(["stopping within 60000 ms", "exited for 2000 ms", "started again"]);
  const [stopping, exited] = componentsIn(events).map((event) => event.at) as [number, number];
  const finishes = exchangesOf(events, "worker.finish");
  expect(finishes).toMatchObject([{ status: 200, request: { attempt: 1, status: "success" } }]);
  expect(finishes[0]?.sent).toBeGreaterThan(stopping);
  expect(finishes[0]?.at).toBeLessThan(exited);
  expect(exited - stopping).toBeLessThan(60_000);
});

test("a worker that has no time is killed, and the next attempt does its job", async () => {
  const events = await ran({ at, fault: stop(0) });
  const claims = exchangesOf(events, "worker.claim").filter(({ job }) => job !== null);
  expect(claims.length).toBeGreaterThan(1);
  expect(exchangesOf(events, "worker.finish").at(-1)).toMatchObject({
    status: 200,
    request: { attempt: claims.length },
  });
});
