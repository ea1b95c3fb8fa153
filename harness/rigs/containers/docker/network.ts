import { InfrastructureError, reasonOf } from "../../../errors.ts";
import type { Docker } from "./engine.ts";

export interface RunNetwork {
  name: string;
  /** Nothing on it reaches an address outside; its containers are not published but have addresses of their own. */
  isInternal: boolean;
  /** Where a container finds this process. */
  hostSeenFromInside: string;
  /** The address that this process listens on for calls from containers. */
  listenOn: string;
}

/**
 * A network of the run's own. Its gateway is this machine, so that proxies listen there and nowhere else. Where the engine
 * runs on this machine it is internal: what a component copies cannot leave the run.
 */
export async function createNetwork(
  docker: Docker,
  run: string,
  labels: Record<string, string>,
  isInternal = process.platform === "linux",
): Promise<RunNetwork> {
  const name = `interlock-${run}`;
  const gateway = await gatewayOf(docker, name, labels, isInternal).catch((error: unknown) => {
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
    return { name, isInternal, hostSeenFromInside: "host.docker.internal", listenOn: "127.0.0.1" };
  return { name, isInternal, hostSeenFromInside: gateway, listenOn: gateway };
}

async function gatewayOf(
  docker: Docker,
  name: string,
  labels: Record<string, string>,
  isInternal: boolean,
): Promise<string> {
  const network = await docker.createNetwork({
    Name: name,
    Driver: "bridge",
    Internal: isInternal,
    Labels: labels,
  });
  const details = await network.inspect();
  const gateway: string | undefined = details.IPAM?.Config?.[0]?.Gateway;
  if (gateway === undefined)
    throw new Error("the engine gave it none; Interlock needs the engine's bridge driver");
  return gateway;
}
