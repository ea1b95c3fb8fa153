import { type Engine, generationOf, generations } from "../../../../contracts/job.ts";
import type { Component } from "../../../config/config.ts";
import type { Address } from "../../../destinations/destination.ts";
import { type DestinationName, kindNamed } from "../../../destinations/index.ts";
import { startHttpProxy } from "../../../proxy/http-proxy.ts";
import type { UrlOf } from "../../workload.ts";
import { handshake } from "./handshake.ts";
import { openProxy } from "./link.ts";
import { envFor, type Ground, type Part, seenFrom, startPart } from "./part.ts";
import { runningProcess } from "./running-process.ts";
import type { SeenDestination, SystemOptions } from "./system.ts";

/** Starts the destinations that are needed, each with a link of its own for the workers of a generation. */
export async function startDestinations(
  options: SystemOptions,
  ground: Ground,
  onReady: (process: { name: string }) => unknown,
): Promise<ReadonlyMap<DestinationName, SeenDestination>> {
  const started = options.destinations.map(async (name) => {
    const destination = await startDestination(name, options, ground);
    onReady({ name: `destination-${name}` });
    return [name, destination] as const;
  });
  return new Map(await Promise.all(started));
}

/** Where an engine's jobs deliver, as its workers reach it. */
export const urlsFor =
  (destinations: ReadonlyMap<DestinationName, SeenDestination>, engine: Engine): UrlOf =>
  (name, output, target) => {
    const seen = destinations.get(name);
    if (seen === undefined) throw new Error(`the rig has no destination ${name}`);
    return kindNamed(name).url(output, target, seen.seenBy(generationOf(engine)), seen.open.server);
  };

async function startDestination(
  kindName: DestinationName,
  options: SystemOptions,
  ground: Ground,
): Promise<SeenDestination> {
  const kind = kindNamed(kindName);
  const server = options.config.destinations[kindName] as Component;
  const name = `destination-${kindName}`;
  const { files, port } = kind.start(server);
  const around = { name, mysql: { host: "", port: 0 }, api: "", folder: ground.folder };
  const part = await startPart(
    name,
    server,
    {
      listens: true,
      files: { ...files },
      ...(port === undefined ? {} : { port }),
      env: envFor(server, around),
    },
    ground,
  );
  await handshake(part, kind.readiness(server), ground, (signal) => kind.greet(part.outside, server, signal));
  const process = runningProcess(part, ground);
  const seen = new Map<string, Address>();
  for (const generation of generations) {
    const contained = isContained(options, generation);
    const place =
      kind.protocol === "http" && contained !== null
        ? await openDeliveryProxy(generation, contained, part, options, ground)
        : seenFrom(contained ?? false, part);
    seen.set(generation, place);
  }
  return {
    open: { at: process.address() ?? part.outside, server, stack: ground.stack },
    seenBy: (generation) => seen.get(generation) as Address,
  };
}

/** Whether the workers of a generation run in containers; null where the run starts none of them. */
function isContained({ builds }: SystemOptions, generation: string): boolean | null {
  const worker = [...builds.workers.values()].find((one) => one.generation === generation);
  return worker === undefined ? null : "image" in worker;
}

const openDeliveryProxy = (
  generation: string,
  contained: boolean,
  part: Part,
  { stage }: SystemOptions,
  ground: Ground,
): Promise<Address> =>
  openProxy(`worker-${generation} -> ${part.name}`, { contained }, ground, (listen) =>
    startHttpProxy({
      ...listen,
      upstream: () => part.outside,
      plan: (request) => stage.traffic?.deliveryPlan(part.name, request) ?? null,
      onPassage: () => {},
    }),
  );
