import { expect, test } from "vitest";
import type { Way } from "../../../proxy/way.ts";
import { carryOut } from "../../../schedule/effect.ts";
import { effectOf } from "../../../schedule/faults.ts";
import type { Fault, Phase } from "../../../schedule/schedule.ts";
import { FaultPlane } from "../../fault-plane.ts";
import { type Actions, carriers, type Ends } from "./carriers.ts";

/** A claim of the only worker of its kind, which the second API serves. */
const ends: Ends = {
  by: "worker-v5",
  planned: "worker-v5-1",
  to: { process: "api", name: "api-2" },
};

async function carried(fault: Fault, phase: Phase = "before") {
  const done: string[] = [];
  const way: Way = {};
  const event = (what: string) => (which: string, name: string) => async () => {
    done.push(`${what} ${which} ${name}`);
    return name;
  };
  const surge: Actions["surge"] =
    (which, name, { ms, graceMs, release = "itself" }) =>
    async () =>
      void done.push(`begun ${release} beside ${which} ${name}, which goes after ${ms} within ${graceMs}`);
  const actions = { kill: event("killed"), surge } as unknown as Actions;
  const held: string[] = [];
  const deed = carryOut(carriers, effectOf(fault), {
    actions,
    plane: new FaultPlane([]),
    scale: 1,
    holdOthers: async (died) => void held.push(String(await died)),
    call: ends,
    site: { link: "worker->api", operation: "worker.claim", job: null, occurrence: 1, phase },
    way,
  });
  await deed?.();
  return { done, held, isReset: way.end !== undefined };
}

const kill = (process: "api" | "worker", name?: string): Fault => ({
  kind: "kill",
  process,
  ms: 10,
  ...(name === undefined ? {} : { name }),
});

test.each<[string, Fault, string, boolean]>([
  ["whoever serves the call", kill("api"), "killed api api-2", true],
  ["the same by its name", kill("api", "api-2"), "killed api api-2", true],
  ["another process of the API", kill("api", "api"), "killed api api", false],
  ["whoever calls", kill("worker"), "killed worker worker-v5", true],
  [
    "the same by the name that schedules have",
    kill("worker", "worker-v5-1"),
    "killed worker worker-v5-1",
    true,
  ],
  ["another worker", kill("worker", "worker-v5-2"), "killed worker worker-v5-2", false],
])("a kill of %s", async (_, fault, what, isReset) => {
  expect(await carried(fault)).toMatchObject({ done: [what], isReset });
});

test("a surge, while nothing passes and nobody dies", async () => {
  const fault: Fault = { kind: "surge", process: "worker", ms: 5, graceMs: 10, release: "next" };
  expect(await carried(fault, "after")).toEqual({
    done: ["begun next beside worker worker-v5, which goes after 5 within 10"],
    held: ["null"],
    isReset: false,
  });
});
