import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Docker, dockerEngine } from "../../harness/rigs/containers/docker/engine.ts";
import { filesIn } from "../../harness/rigs/containers/docker/files-in.ts";
import { componentLabel, runLabel } from "../../harness/rigs/containers/docker/owner.ts";
import type { RunningProcess } from "../../harness/rigs/containers/system/running-process.ts";
import type { Fault, Site } from "../../harness/schedule/schedule.ts";
import { killInEngine } from "./leftovers.ts";
import { type Bed, exchangesOf, finalOf, handleOf, makeBed, scheduleOf, site } from "./schedule-bed.ts";

/** Each fault of the containers rig does what it says: seen in the engine, in MySQL, or by whoever was at the other end. */

let bed: Bed;
let docker: Docker;
beforeAll(async () => {
  bed = await makeBed(["v5"], 1);
  docker = await dockerEngine();
});
afterAll(() => bed.leave());

async function containerOf(component: string) {
  const label = [`${runLabel}=${bed.rig.run}`, `${componentLabel}=${component}`];
  const [found, ...more] = await docker.listContainers({ all: true, filters: { label } });
  expect(more).toEqual([]);
  return docker.getContainer(found?.Id ?? "");
}
const stateOf = async (component: string) => {
  const { Id, State } = await (await containerOf(component)).inspect();
  return { id: Id, running: State.Running, paused: State.Paused, startedAt: State.StartedAt };
};

/** The status that the API itself answers, or why it does not, within a time. */
const ask = async (base: string, ms = 2_000): Promise<number | string> => {
  try {
    return (await fetch(`${base}/v3/system/server_status`, { signal: AbortSignal.timeout(ms) })).status;
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return cause?.code ?? (error as Error).name;
  }
};
const direct = () => `http://${bed.rig.api.address()?.host}:${bed.rig.api.address()?.port}`;
const isUp = (base: () => string) =>
  vi.waitFor(async () => expect(await ask(base())).toBe(200), { timeout: 15_000, interval: 50 });

describe("kill and start", () => {
  test("end the API at once, and bring the same container back where its callers find it", async () => {
    const before = await stateOf("api");
    const handle = handleOf(bed.rig.api);
    expect(await handle.kill()).toBe(true);
    expect(await stateOf("api")).toMatchObject({ id: before.id, running: false });
    expect(bed.rig.api.address()).toBeNull();
    expect(await ask(bed.rig.customer)).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    await handle.start();
    await isUp(() => bed.rig.customer);
    const after = await stateOf("api");
    expect(after).toMatchObject({ id: before.id, running: true });
    expect(after.startedAt).not.toBe(before.startedAt);
  });

  test("leave a worker's disk as it was", async () => {
    const container = await containerOf("worker-v5");
    const exec = await container.exec({ Cmd: ["touch", "/var/lib/worker/outbox/probe"], AttachStdout: true });
    const output = await exec.start({});
    await new Promise((resolve) => output.once("end", resolve).resume());
    const handle = handleOf(bed.rig.workers[0] as RunningProcess);
    await handle.kill();
    expect(await filesIn(container, "/var/lib/worker/outbox")).toContain("outbox/probe");
    await handle.start();
    expect(await handle.filesIn("/var/lib/worker/outbox")).toContain("outbox/probe");
    const remove = await container.exec({ Cmd: ["rm", "/var/lib/worker/outbox/probe"], AttachStdout: true });
    const removed = await remove.start({});
    await new Promise((resolve) => removed.once("end", resolve).resume());
    expect(await handle.filesIn("/var/lib/worker/outbox")).toEqual([]);
  });

  test("leave what the database had committed, and lead the oracle to it again", async () => {
    const { handle, rig } = { handle: handleOf(bed.rig.database), rig: bed.rig };
    const { schema, table } = { schema: rig.config.mysql.warehouse(1, "sample"), table: "probe_kill" };
    await rig.loader().createTable(schema, table, { columns: [["id", "bigint"]], rows: [[1]] });
    await handle.kill();
    expect(await ask(direct())).toBe(503);
    await handle.start();
    await isUp(direct);
    expect(await rig.oracle().rows(schema, table, [["id", "bigint"]])).toEqual([[1]]);
  });

  test("of what is dead or runs already change nothing", async () => {
    const handle = handleOf(bed.rig.api);
    const before = await stateOf("api");
    await handle.start();
    await handle.resume();
    expect(await stateOf("api")).toEqual(before);
    expect(await handle.kill()).toBe(true);
    expect(await handle.kill()).toBe(false);
    expect(await handle.pause()).toBe(false);
    await handle.start();
    await isUp(direct);
  });
});

describe("pause", () => {
  test("of the API lets a caller connect and hear nothing; resumed, the same call is answered", async () => {
    const handle = handleOf(bed.rig.api);
    await handle.pause();
    expect(await stateOf("api")).toMatchObject({ running: true, paused: true });
    const answered: number[] = [];
    const call = ask(bed.rig.customer, 10_000).then((status) => {
      answered.push(performance.now());
      return status;
    });
    expect(await ask(direct(), 300)).toBe("TimeoutError");
    expect(answered).toEqual([]);
    await handle.resume();
    expect(await call).toBe(200);
    expect(await stateOf("api")).toMatchObject({ running: true, paused: false });
  });

  test("of the database stops statements and ends no connection", async () => {
    const handle = handleOf(bed.rig.database);
    await handle.pause();
    const statement = bed.rig.oracle().query("SELECT 1 AS one");
    const first = await Promise.race([statement, ask(direct(), 300)]);
    expect(first).toBe("TimeoutError");
    await handle.resume();
    expect(await statement).toEqual([{ one: 1 }]);
  });

  test("of a worker stops its calls until it is resumed", async () => {
    const at = site("after", "worker.claim", "worker->api", null);
    const fault = { kind: "pause", process: "worker", ms: 8_000 } as const;
    const { events } = await bed.run(scheduleOf("presto", "insert-into", 1, [{ at, fault }]));
    const [paused, resumed] = events.filter(({ kind }) => kind === "component");
    expect([paused, resumed]).toMatchObject([{ what: "paused" }, { what: "resumed" }]);
    const times = events.flatMap((event) =>
      event.kind === "exchange" && event.by === "worker-v5" ? [event.sent] : [],
    );
    expect(times.filter((time) => time > (paused?.at ?? 0) && time < (resumed?.at ?? 0) - 500)).toEqual([]);
    expect(times.filter((time) => time > (resumed?.at ?? 0) - 500)).not.toEqual([]);
    expect((resumed?.at ?? 0) - (paused?.at ?? 0)).toBeGreaterThanOrEqual(8_000);
  });
});

describe("on the way", () => {
  const run = async (at: Site, fault: Fault) => {
    const ran = await bed.run(scheduleOf("presto", "insert-into", 1, [{ at, fault }]));
    expect(ran.unfired).toEqual([]);
    return ran.events;
  };
  const finishes = async (at: Site, fault: Fault) => exchangesOf(await run(at, fault), "worker.finish");
  const finish = site("after", "worker.finish", "worker->api");

  test("a lost request never came to the API, and the worker sends it again", async () => {
    const calls = await finishes({ ...finish, phase: "before" }, { kind: "lost" });
    expect(calls).toMatchObject([
      { outcome: "fail", status: null, served: null },
      { outcome: "ok", status: 200 },
    ]);
  });

  test("a lost reply was one to a report that MySQL holds", async () => {
    const at = site("after", "worker.finish", "worker->api");
    const events = await run(at, { kind: "lost" });
    expect(exchangesOf(events, "worker.finish")[0]).toMatchObject({ status: null, served: 200 });
    expect(finalOf(events).stored).toBe("success");
  });

  test("a lost OK of COMMIT is an error to the API and a success in MySQL", async () => {
    const at = site("after", "worker.finish", "api->database", null);
    const calls = await finishes(at, { kind: "lost" });
    expect(calls[0]).toMatchObject({ status: 503, request: { attempt: 1 } });
    expect(calls.at(-1)).toMatchObject({ status: 200, request: { attempt: 1 } });
  });

  test("a lost OK of the warehouse is tried again by the same attempt, and inserts nothing twice", async () => {
    const at = site("after", "insertInto", "worker->warehouse");
    const events = await run(at, { kind: "lost" });
    const ledger = bed.rig.oracle();
    const job = finalOf(events).job ?? "";
    const kept = await ledger.query(
      "SELECT attempt, kind, num_records FROM ledger_1.effects WHERE job_id = ?",
      [job],
    );
    expect(kept).toEqual([{ attempt: 1, kind: "insert", num_records: 4 }]);
    expect(finalOf(events).table).toHaveLength(4);
  });

  test.each<[string, Fault, object]>([
    ["a status in the place of the reply", { kind: "status", status: 502 }, { status: 502, served: 200 }],
    ["a truncated reply", { kind: "truncated" }, { status: null, served: 200 }],
  ])("%s hides the report that was taken", async (_, fault, first) => {
    const calls = await finishes(finish, fault);
    expect(calls).toMatchObject([{ ...first, outcome: "unknown" }, { status: 200 }]);
  });

  test.each<[string, Fault]>([
    ["late", { kind: "late", ms: 4_000 }],
    ["half-open", { kind: "half-open", ms: 4_000 }],
  ])("a report that is %s for 4 s of the system's time takes them, and is taken", async (_, fault) => {
    const calls = await finishes({ ...finish, phase: "before" }, fault);
    expect(calls).toMatchObject([{ status: 200 }]);
    const took = calls.map(({ at, sent }) => at - sent);
    expect(took[0]).toBeGreaterThanOrEqual(4_000);
  });

  test("in an outage of 4 s every call is refused before it comes to the API, and none afterwards", async () => {
    const calls = await finishes({ ...finish, phase: "before" }, { kind: "outage", ms: 4_000 });
    const began = calls[0]?.sent ?? 0;
    const inside = calls.filter(({ sent }) => sent < began + 3_990);
    const outside = calls.filter(({ sent }) => sent > began + 4_010);
    expect(inside.length).toBeGreaterThan(1);
    for (const call of inside) expect(call).toMatchObject({ outcome: "fail", status: null, served: null });
    expect(outside).toMatchObject([{ status: 200 }]);
  });

  test("a duplicate is one call to the worker and two transactions to the API", async () => {
    const at = { ...finish, phase: "before" as const };
    const ran = await bed.run(scheduleOf("presto", "insert-into", 1, [{ at, fault: { kind: "duplicate" } }]));
    expect(exchangesOf(ran.events, "worker.finish")).toMatchObject([{ status: 200 }]);
    const committed = ran.reached.filter(
      ({ link, operation, phase }) =>
        link === "api->database" && operation === "worker.finish" && phase === "after",
    );
    expect(committed.map(({ occurrence }) => occurrence)).toEqual([1, 2]);
  });
});

/** The last test of the file: the rig is of no use behind it. */
test("a process that ends although nobody killed it is the rig's trouble", async () => {
  await killInEngine(bed.rig.run, "worker-v5");
  await expect(bed.rig.trouble).rejects.toThrow(/worker-v5: expected it to stay up until the end of the run/);
  await expect(bed.run(scheduleOf("presto", "insert-into", 1))).rejects.toThrow(/worker-v5/);
});
