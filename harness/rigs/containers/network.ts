import { InfrastructureError } from "../../errors.ts";
import type { Docker } from "./engine.ts";

export interface RunNetwork {
  name: string;
  /** Where a container finds this process. */
  hostSeenFromInside: string;
  /** The address that this process listens on for calls from containers. */
  listenOn: string;
}

/** A network of the run's own. Its gateway is this machine, so that proxies listen there and nowhere else. */
export async function createNetwork(
  docker: Docker,
  run: string,
  labels: Record<string, string>,
): Promise<RunNetwork> {
  const name = `interlock-${run}`;
  const network = await docker.createNetwork({ Name: name, Driver: "bridge", Labels: labels });
  const details = await network.inspect();
  const gateway: string | undefined = details.IPAM?.Config?.[0]?.Gateway;
  if (gateway === undefined) {
    throw new InfrastructureError({
      component: `network ${name}`,
      expected: "a gateway address",
      happened: "the engine gave it none",
      next: "`docker network inspect` shows what it is; Interlock needs the engine's bridge driver",
    });
  }
  // Docker Desktop runs its engine in a machine of its own: there the gateway is not us, but a name leads to loopback.
  if (process.platform !== "linux")
    return { name, hostSeenFromInside: "host.docker.internal", listenOn: "127.0.0.1" };
  return { name, hostSeenFromInside: gateway, listenOn: gateway };
}
