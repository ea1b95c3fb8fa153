import { afterAll, beforeAll, expect, test } from "vitest";
import type { HistoryEvent } from "../../../harness/history/event.ts";
import { judgeHistory } from "../../../harness/invariants/judge.ts";
import { dockerEngine } from "../../../harness/rigs/containers/docker/engine.ts";
import { runLabel } from "../../../harness/rigs/containers/docker/owner.ts";
import { lookAtWorld } from "../../../harness/rigs/containers/schedule/world.ts";
import { inContainer } from "../../containers/in-container.ts";
import { type Bed, makeBed, scheduleOf } from "../../containers/schedule-bed.ts";

/** What a component copies cannot leave the run, and that it asked for a name of somebody else is on record. */

let bed: Bed;
let calm: readonly HistoryEvent[];
beforeAll(async () => {
  bed = await makeBed(["v5"], 1);
  calm = (await bed.run(scheduleOf("presto", "web", 1))).events;
});
afterAll(() => bed.leave());

const inWorker = (program: string) => inContainer(bed.rig.run, "worker-v5", ["node", "-e", program]);

test("a calm run is green, and the names that were looked up were heard", () => {
  expect(judgeHistory(calm).broken).toEqual([]);
  const world = calm.find((event) => event.kind === "world");
  expect(world).toMatchObject({ compared: expect.arrayContaining(["names that components look up"]) });
});

test("the engine lets nothing of the run's network out", async () => {
  const docker = await dockerEngine();
  const networks = await docker.listNetworks({ filters: { label: [`${runLabel}=${bed.rig.run}`] } });
  expect(networks.map(({ Internal }) => Internal)).toEqual([true]);
});

test("a name of somebody else is unknown, and who asked for it breaks the frame", async () => {
  const lookAgain = await lookAtWorld(bed.rig, [], "r1_");
  const looked = await inWorker(
    `require("dns").lookup("rows.Collector.example", (error) => console.log(error.code))`,
  );
  expect(looked).toBe("ENOTFOUND");
  const { traces } = await lookAgain({ ids: [], requested: new Set(), made: [] });
  const told = calm.map((event) => (event.kind === "world" ? { ...event, traces } : event));
  expect(judgeHistory(told as HistoryEvent[]).broken).toEqual([
    {
      invariant: "F",
      job: 1,
      witnesses: [
        expect.stringMatching(
          /^the name rows\.collector\.example, which no component of the run has: no job was to do anything there, even for a while; worker-v5 asked for it \d times$/,
        ),
      ],
    },
  ]);
});
