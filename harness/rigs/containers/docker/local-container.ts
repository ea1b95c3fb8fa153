import { PassThrough } from "node:stream";
import { GenericContainer, PullPolicy } from "testcontainers";
import { type Docker, notSeen } from "./engine.ts";
import type { Disk } from "./files-in.ts";
import type { LogFile } from "./log-file.ts";
import type { RunNetwork } from "./network.ts";

export interface ContainerOptions {
  /** Name within the run; also its host name on the run's network. */
  name: string;
  image: string;
  command?: readonly string[];
  env: Record<string, string>;
  labels: Record<string, string>;
  network: Pick<RunNetwork, "name" | "isInternal" | "hostSeenFromInside">;
  /** Port in the container that this process is to reach; null for one that only calls. */
  port: number | null;
  /** Files put into the container before it starts, by absolute path. */
  files: Record<string, string>;
  /** Put there before it starts as well: what another container had. */
  disk?: Disk | undefined;
  log: LogFile;
  /** Takes in the start itself: it may go on after its caller has given up, and must be waited for before a sweep. */
  starting: Promise<unknown>[];
  /** How long the engine may take to start it. */
  startMs: number;
}

/** A container of a local image. Nothing waits until it is ready, and its log is followed from the first byte. */
export class LocalContainer extends GenericContainer {
  readonly exited: Promise<string>;
  readonly #docker: Docker;
  readonly #options: ContainerOptions;
  #id = "";
  #onExit: (how: string) => void = () => {};

  constructor(docker: Docker, options: ContainerOptions) {
    super(options.image);
    this.#docker = docker;
    this.#options = options;
    this.exited = new Promise((resolve) => {
      this.#onExit = resolve;
    });
    this.withLabels(options.labels)
      .withEnvironment(options.env)
      .withNetworkMode(options.network.name)
      .withPullPolicy(PullPolicy.neverPull())
      .withAutoCleanup(false)
      .withWaitStrategy(ready)
      .withCopyContentToContainer(
        Object.entries(options.files).map(([target, content]) => ({ target, content, mode: 0o600 })),
      );
    if (options.command !== undefined) this.withCommand([...options.command]);
    if (options.port !== null && !options.network.isInternal) this.withExposedPorts(options.port);
  }

  /** What testcontainers has no option for: ports on loopback only, and a host name without a second network. */
  protected override async beforeContainerCreated(): Promise<void> {
    const { name, network, port } = this.#options;
    // Else the engine asks this machine's name servers in a container's place, which would be a way out.
    if (network.isInternal) this.hostConfig.Dns = [network.hostSeenFromInside];
    else if (port !== null)
      this.hostConfig.PortBindings = { [`${port}/tcp`]: [{ HostIp: "127.0.0.1", HostPort: "0" }] };
    this.createOpts.NetworkingConfig = { EndpointsConfig: { [network.name]: { Aliases: [name] } } };
    this.hostConfig.SecurityOpt = ["no-new-privileges"];
  }

  /** Before the start, so that not a line and not the earliest exit is missed. */
  protected override async containerCreated(id: string): Promise<void> {
    this.#id = id;
    const container = this.#docker.getContainer(id);
    const output = await container.attach({ stream: true, stdout: true, stderr: true });
    const lines = new PassThrough();
    container.modem.demuxStream(output, lines, lines);
    for (const event of ["end", "close", "error"]) output.once(event, () => lines.end());
    // The wait below never settles when the engine goes away in the middle of its answer; the output then ends alone.
    output.once("close", () => setTimeout(() => void this.#look(), lookAfterMs).unref());
    this.#options.log.follow(lines);
    const { disk } = this.#options;
    if (disk !== undefined) await container.putArchive(disk.archive, { path: disk.path });
    container.wait({ condition: "next-exit" }).then(
      ({ StatusCode }: { StatusCode: number }) => this.#onExit(`it exited with code ${StatusCode}`),
      (error: unknown) => this.#onExit(notSeen(error)),
    );
  }

  /** How it is with a container whose output has ended. A run that cannot hear a component any more is over, too. */
  async #look(): Promise<void> {
    try {
      const { State } = await this.#docker.getContainer(this.#id).inspect();
      this.#onExit(State.Running ? "the engine has cut its log" : `it exited with code ${State.ExitCode}`);
    } catch (error) {
      this.#onExit(notSeen(error));
    }
  }
}

/** From the end of the output until the exit is asked for, which is most often told unasked by then. */
const lookAfterMs = 500;

/** Readiness is a handshake that the rig makes itself; testcontainers is not to wait for anything. */
const ready = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => ready,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};
