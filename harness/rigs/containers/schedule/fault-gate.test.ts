import { describe, expect, test, vi } from "vitest";
import { isApplicable } from "../../../schedule/applicable.ts";
import { sampleFaults } from "../../../schedule/catalog.ts";
import { isBeyond } from "../../../schedule/effect.ts";
import { effectOf, processOf } from "../../../schedule/faults.ts";
import { type Fault, links, type Planned, type Site } from "../../../schedule/schedule.ts";
import { FaultPlane } from "../../fault-plane.ts";
import { carriers } from "./carriers.ts";
import { FaultGate } from "./fault-gate.ts";

const finish: Site = {
  link: "worker->api",
  operation: "worker.finish",
  job: 1,
  occurrence: 1,
  phase: "before",
};
const scale = 0.001;

const gateWith = (...faults: Planned[]) => gateOn(true, ...faults);

/** `isAble`: processes can be killed and paused, and the job can be ended. */
function gateOn(isAble: boolean, ...faults: Planned[]) {
  const able = <T>(deed: T): T | null => (isAble ? deed : null);
  const plane = new FaultPlane(faults);
  const done: string[] = [];
  const resumed = Promise.withResolvers<void>();
  const dying = Promise.withResolvers<void>();
  const gate = new FaultGate(
    plane,
    {
      fired: ({ kind }, { phase }) => void done.push(`${kind} ${phase}`),
      kill: (which, by, { ms, release = "itself" }) =>
        able(async () => {
          done.push(`killed ${which} for ${ms}, back as ${release}, by ${by}`);
          await dying.promise;
          return which === "worker" ? by : which;
        }),
      pause: (which, by, ms) =>
        able(async () => {
          done.push(`paused ${which} for ${ms}, by ${by}`);
          return { resumed: resumed.promise };
        }),
      stop: (which, by, { graceMs, back: { ms }, holdOthers }) =>
        able(async () => {
          done.push(`asked ${which} to end within ${graceMs}, back after ${ms}, by ${by}`);
          void dying.promise.then(() => holdOthers(Promise.resolve(by)));
        }),
      surge: (which, by, { ms, graceMs, release = "itself", holdOthers }) =>
        able(async () => {
          done.push(`begun ${release} beside ${which}, which goes after ${ms} within ${graceMs}, by ${by}`);
          void dying.promise.then(() => holdOthers(Promise.resolve(by)));
        }),
      cancelJob: (job) => able(() => void done.push(`killed job ${job}`)),
    },
    scale,
  );
  const call = (more = {}) =>
    gate.plan<string>({
      link: "worker->api",
      operation: "worker.finish",
      job: 1,
      by: "worker-v5-1",
      planned: "worker-v5-1",
      to: { process: "api", name: "api" },
      ...more,
    });
  return { plane, done, call, resume: resumed.resolve, die: dying.resolve };
}

const reset = { end: { kind: "reset" } };
const planned = (fault: Fault, more: Partial<Site> = {}): Planned => ({ at: { ...finish, ...more }, fault });

describe("a fault fires at its site and nowhere else", () => {
  test("the number of the call counts", async () => {
    const { plane, call } = gateWith(planned({ kind: "lost" }, { occurrence: 2 }));
    expect(await call().before()).toEqual({});
    expect(plane.unfired()).toHaveLength(1);
    expect(await call().before()).toEqual({ end: { kind: "reset" } });
    expect(plane.unfired()).toEqual([]);
    expect(await call().before()).toEqual({});
  });

  test("behind the effect it is the reply that is broken", async () => {
    const { call } = gateWith(planned({ kind: "truncated" }, { phase: "after" }));
    const plan = call();
    expect(await plan.before()).toEqual({});
    expect(await plan.after("reply")).toEqual({ end: { kind: "truncated" } });
  });

  test("a claim is about the job that its reply hands out, and counts as that job's", async () => {
    const at = { operation: "worker.claim", job: 3, phase: "after" } as const;
    const { call } = gateWith(planned({ kind: "lost" }, at));
    const claim = () => call({ operation: "worker.claim", job: null, jobOf: () => 3 });
    const first = claim();
    await first.before();
    expect(await first.after("job 3")).toEqual({ end: { kind: "reset" } });
    expect(await claim().after("job 3 again")).toEqual({});
  });
});

describe("what is done while a call is held", () => {
  const killed = planned({ kind: "kill", process: "worker", ms: null }, { operation: "worker.heartbeat" });

  test("comes before the fault at its site", async () => {
    const { done, call } = gateWith(planned({ kind: "lost" }));
    const looks = { whileHeld: async (phase: string) => void done.push(`looked ${phase}`) };
    await call(looks).before();
    await call(looks).after("reply");
    expect(done).toEqual(["looked before", "lost before", "looked after"]);
  });

  test.each([
    ["worker-v5-1", reset, ["unsaid"]],
    ["worker-v5-2", {}, []],
  ])("leaves a call of %s to the kill of worker-v5-1 meanwhile", async (by, way, unsaid) => {
    const { call, die } = gateWith(killed);
    const said: string[] = [];
    const looked = Promise.withResolvers<void>();
    const held = call({
      by,
      whileHeld: () => looked.promise,
      unsaid: () => void said.push("unsaid"),
    }).before();
    const dies = call({ operation: "worker.heartbeat" }).before();
    die();
    await dies;
    looked.resolve();
    expect(await held).toEqual(way);
    expect(said).toEqual(unsaid);
  });
});

test.each<[Fault, object]>([
  [{ kind: "half-open", ms: 5_000 }, { stallMs: 5 }],
  [{ kind: "duplicate" }, { duplicate: true }],
  [{ kind: "status", status: 503 }, { end: { kind: "answer", status: 503, body: expect.any(Object) } }],
  [{ kind: "late", ms: 1_000 }, {}],
])("%j becomes %j, its time scaled", async (fault, way) => {
  expect(await gateWith(planned(fault)).call().before()).toEqual(way);
});

test("an outage refuses every call of its link until it is over, and no other link's", async () => {
  const { call } = gateWith(planned({ kind: "outage", ms: 60_000_000 }));
  const refused = { end: { kind: "reset" } };
  expect(await call().before()).toEqual(refused);
  expect(await call({ operation: "worker.claim", job: null }).before()).toEqual(refused);
  expect(await call({ link: "customer->api", operation: "job.show" }).before()).toEqual({});
});

describe("what happens to a process is done before the call goes on", () => {
  test.each(["api", "worker", "database"] as const)("kill of the %s", async (process) => {
    const { call, done, die } = gateWith(planned({ kind: "kill", process, ms: 10 }));
    die();
    const way = await call().before();
    const end = process === "api" ? "api" : "worker-v5-1";
    expect(done).toEqual(["kill before", `killed ${process} for 10, back as itself, by ${end}`]);
    // Whose server dies loses the connection, and a caller that dies before its call sends nothing.
    expect(way).toEqual(process === "database" ? {} : { end: { kind: "reset" } });
  });

  test("a version step of the API", async () => {
    const { call, done, die } = gateWith(
      planned({ kind: "version", process: "api", release: "next", ms: 10 }),
    );
    die();
    expect(await call().before()).toEqual(reset);
    expect(done).toEqual(["version before", "killed api for 10, back as next, by api"]);
  });

  test("kill of the caller when its call has taken effect", async () => {
    const { call, die } = gateWith(planned({ kind: "kill", process: "worker", ms: 10 }, { phase: "after" }));
    const plan = call();
    await plan.before();
    die();
    expect(await plan.after("reply")).toEqual({});
  });

  test("kill, and until it is done nothing passes; afterwards nothing of whoever died", async () => {
    const { call, done, die } = gateWith(planned({ kind: "kill", process: "worker", ms: 10 }));
    const killed = call().before();
    const other = { operation: "worker.claim", job: null };
    const own = call(other).before();
    const neighbour = Promise.resolve(call({ ...other, by: "worker-v5-2" }).before()).then((way) => {
      done.push("passed");
      return way;
    });
    done.push("dying");
    die();
    expect(await Promise.all([killed, own, neighbour])).toEqual([reset, reset, {}]);
    expect(done).toEqual([
      "kill before",
      "killed worker for 10, back as itself, by worker-v5-1",
      "dying",
      "passed",
    ]);
    expect(await call(other).before()).toEqual({});
  });

  test("pause of the caller, which sends its request when it goes on", async () => {
    const { call, done, resume } = gateWith(planned({ kind: "pause", process: "worker", ms: 10 }));
    const sent = Promise.resolve(call().before()).then((way) => {
      done.push("sent");
      return way;
    });
    const paused = ["pause before", "paused worker for 10, by worker-v5-1"];
    await vi.waitUntil(() => done.length >= paused.length);
    done.push("resumed");
    resume();
    expect(await sent).toEqual({});
    expect(done).toEqual([...paused, "resumed", "sent"]);
  });

  test("pause", async () => {
    const { call, done } = gateWith(planned({ kind: "pause", process: "api", ms: 10 }));
    expect(await call().before()).toEqual({});
    expect(done).toEqual(["pause before", "paused api for 10, by api"]);
  });

  test("the customer's wish to end the job", async () => {
    const { call, done } = gateWith(planned({ kind: "kill-job" }));
    expect(await call().before()).toEqual({});
    expect(done).toEqual(["kill-job before", "killed job 1"]);
  });
});

describe("over all kinds of fault", () => {
  const isWithin = (fault: Fault) => !isBeyond(carriers, effectOf(fault));
  const faults: Fault[] = [
    ...sampleFaults.filter(isWithin),
    { kind: "version", process: "worker", release: "next", ms: 1 },
  ];
  const phases = ["before", "after"] as const;
  const allowed = phases.flatMap((phase) =>
    links
      .filter((link) => link !== "worker->disk")
      .flatMap((link) =>
        faults
          .map((fault) => ({ at: { ...finish, link, phase }, fault }))
          .filter(({ at, fault }) => isApplicable(at, fault, 1)),
      ),
  );

  const passing = async (isAble: boolean, one: Planned) => {
    const { plane, done, call, die, resume } = gateOn(isAble, one);
    die();
    resume();
    const began = performance.now();
    const plan = call({ link: one.at.link });
    const ways = [await plan.before(), await plan.after("reply")];
    return { ways, done, unfired: plane.unfired(), millis: performance.now() - began };
  };

  test.each(allowed)(
    "$fault.kind, $at.phase, on $at.link: fires and changes the call or a process",
    async (one) => {
      const { ways, done, unfired, millis } = await passing(true, one);
      expect(unfired).toEqual([]);
      const isHeld = one.fault.kind === "late" && millis >= one.fault.ms * scale - 1;
      expect(isHeld || done.length > 1 || ways.some((way) => Object.keys(way).length > 0)).toBe(true);
    },
  );

  test("what can do nothing does not fire, and the call passes untouched", async () => {
    const asks = allowed.filter(({ fault }) => fault.kind === "kill-job" || processOf(fault) !== null);
    for (const one of asks) {
      const { ways, done, unfired } = await passing(false, one);
      expect({ ways, done, unfired }).toEqual({ ways: [{}, {}], done: [], unfired: [one] });
    }
  });
});

test("a fault for the calls of one process waits for those", async () => {
  const { plane, call } = gateWith(planned({ kind: "lost" }, { by: "worker-v5-2", occurrence: 2 }));
  const other = { by: "worker-v5-2", planned: "worker-v5-2" };
  for (const caller of [other, {}, {}]) expect(await call(caller).before()).toEqual({});
  expect(plane.unfired()).toHaveLength(1);
  expect(await call(other).before()).toEqual(reset);
});

test("a worker that is asked to end goes on speaking, and says nothing any more when it has ended", async () => {
  const stop = { kind: "stop", process: "worker", graceMs: 10, ms: 5 } as const;
  const { call, die, done } = gateWith(planned(stop, { operation: "worker.heartbeat" }));
  expect(await call({ operation: "worker.heartbeat" }).before()).toEqual({});
  expect(await call().before()).toEqual({});
  const looked = Promise.withResolvers<void>();
  const last = call({ occurrence: 2, whileHeld: () => looked.promise }).before();
  die();
  await new Promise(setImmediate);
  looked.resolve();
  expect(await last).toEqual(reset);
  expect(done).toEqual(["stop before", "asked worker to end within 10, back after 5, by worker-v5-1"]);
});
