import { InfrastructureError, reasonOf } from "../../../errors.ts";
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
  const gateway = await gatewayOf(docker, name, labels).catch((error: unknown) => {
    throw new InfrastructureError(
      {
        component: `network ${name}`,
        expected: "a new network with a gateway address",
        happened: reasonOf(error),
        next: "`docker network ls` shows all; where the engine has run out of addresses, `docker network prune` frees some",
      },
      error,
    );
  });
  // Docker Desktop runs its engine in a machine of its own: there the gateway is not us, but a name leads to loopback.
  if (process.platform !== "linux")
    return { name, hostSeenFromInside: "host.docker.internal", listenOn: "127.0.0.1" };
  return { name, hostSeenFromInside: gateway, listenOn: gateway };
}

async function gatewayOf(docker: Docker, name: string, labels: Record<string, string>): Promise<string> {
  const network = await docker.createNetwork({ Name: name, Driver: "bridge", Labels: labels });
  const details = await network.inspect();
  const gateway: string | undefined = details.IPAM?.Config?.[0]?.Gateway;
  if (gateway === undefined)
    throw new Error("the engine gave it none; Interlock needs the engine's bridge driver");
  return gateway;
}
