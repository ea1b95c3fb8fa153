import type { Address } from "../../../destinations/destination.ts";
import type { Docker } from "./engine.ts";
import type { ContainerOptions } from "./local-container.ts";
import type { RunNetwork } from "./network.ts";
import { within } from "./within.ts";

export interface StartedImage {
  id: string;
  /** The image that runs, by content. */
  imageId: string;
  imageLabels: Record<string, string>;
  /** Where this process reaches its port; port 0 where none was asked for. */
  at: Address;
  /** Resolves with how it ended when the container stops. */
  exited: Promise<string>;
}

/**
 * Starts a container from an image that is already here. Rejects as soon as the container exits: testcontainers alone
 * would wait 10 s for ports that never come and then name the ports, not the exit.
 */
export async function startImage(docker: Docker, options: ContainerOptions): Promise<StartedImage> {
  // Loading it takes 0.4 s, and many commands never start a container.
  const { LocalContainer } = await import("./local-container.ts");
  const container = new LocalContainer(docker, options);
  const starting = container.start();
  options.starting.push(starting);
  const ended = container.exited.then((how) => {
    throw new Error(how);
  });
  // Whichever loses the race settles later, unheard.
  starting.catch(() => {});
  ended.catch(() => {});
  const started = await within(
    options.startMs,
    Promise.race([starting, ended]),
    "the engine had not started it",
  );
  const details = await docker.getContainer(started.getId()).inspect();
  return {
    id: started.getId(),
    imageId: imageIn(details),
    imageLabels: details.Config.Labels,
    at: addressIn(details, options.network, options.port),
    exited: container.exited,
  };
}

/**
 * The image that a container runs. An engine with containerd's store names an index of images for several platforms as
 * `Image`, and beside it the one of them that runs (its API from 1.48 on); any other names the image itself.
 */
export const imageIn = ({ Image, ImageManifestDescriptor }: RunningImage): string =>
  ImageManifestDescriptor?.digest ?? Image;

interface RunningImage {
  Image: string;
  ImageManifestDescriptor?: { digest: string } | null;
}

type Inspected = Awaited<ReturnType<ReturnType<Docker["getContainer"]>["inspect"]>>;

/** On an internal network nothing is published, and the container's own address is reached. */
export function addressIn(
  { NetworkSettings }: Inspected,
  { name, isInternal }: Pick<RunNetwork, "name" | "isInternal">,
  port: number | null,
): Address {
  const host = NetworkSettings.Networks[name]?.IPAddress ?? "";
  if (isInternal) return { host, port: port ?? 0 };
  const published = Object.values(NetworkSettings.Ports ?? {}).flatMap((ports) => ports ?? []);
  return {
    host: "127.0.0.1",
    port: Number(published.find(({ HostIp }) => HostIp === "127.0.0.1")?.HostPort ?? 0),
  };
}
