import { mkdir, mkdtemp } from "node:fs/promises";
import { main } from "../../harness/commands/main.ts";
import { keepHistory } from "../../harness/history/write.ts";
import { rigs } from "../../harness/rigs/index.ts";
import type { RigKind } from "../../harness/rigs/rig.ts";
import { attestedIn, withRun } from "../trust/told-matrix.ts";
import { asInContainers, images } from "./as-in-containers.ts";

/** `interlock` as it is, with schedules that run in this process in the place of containers, and are kept as those are. */
const { simulated, containers } = rigs;

const open: RigKind["open"] = async (needs, options) => {
  const kind = await simulated();
  const rig = await kind.open(needs, options);
  await mkdir(options.runsFolder, { recursive: true });
  const folder = await mkdtemp(`${options.runsFolder}/`);
  return {
    limits: rig.limits,
    folders: [folder],
    images: new Map(Object.entries(images)),
    run: async (schedules) => {
      const runs = await rig.run(schedules);
      return Promise.all(
        runs.map(async (run) => {
          const builds = attestedIn(run.events, run.schedule.releases);
          const told = asInContainers(withRun(run.events, { builds }), folder.slice(-6));
          const { events } = await keepHistory({ folder, secrets: options.secrets }, told);
          return { ...run, events };
        }),
      );
    },
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
};

Object.assign(rigs, { containers: async (): Promise<RigKind> => ({ ...(await containers()), open }) });
await main(process.argv.slice(2));
