import { join } from "node:path";
import { PassThrough } from "node:stream";
import pRetry, { type Options } from "p-retry";
import { InfrastructureError, reasonOf } from "../../errors.ts";
import type { Docker } from "./engine.ts";
import { filesIn } from "./files-in.ts";
import { LogFile } from "./log-file.ts";
import { componentLabel, runLabel } from "./owner.ts";
import type { Address, Ground, Part } from "./part.ts";

/** On a busy machine the engine may give up freezing a process, which then runs on: it is asked again. */
const freezing: Options = {
  retries: 5,
  minTimeout: 50,
  factor: 2,
  shouldRetry: ({ error }) => reasonOf(error).includes("unable to freeze"),
};

/**
 * The process of one container as something that can be killed, started again and paused. It stays the same container,
 * so that its disk outlives it; its published port does not, so that the address must be asked for each time.
 */
export class ProcessHandle {
  readonly name: string;
  readonly #ground: Ground;
  readonly #container: ReturnType<Docker["getContainer"]>;
  readonly #onExit: (how: string) => void;
  #address: Address;
  #state: "running" | "paused" | "dead" = "running";
  #killed = false;
  #lives = 1;
  /** Events of one process follow one another. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(part: Part, id: string, ground: Ground, onExit: (how: string) => void) {
    this.name = part.name;
    this.#address = part.outside;
    this.#ground = ground;
    this.#container = ground.docker.getContainer(id);
    this.#onExit = onExit;
  }

  /** `onExit` is called when a later life ends by itself; the first one's end is the part's own to tell. */
  static async of(part: Part, ground: Ground, onExit: (how: string) => void): Promise<ProcessHandle> {
    const label = [`${runLabel}=${ground.owner.run}`, `${componentLabel}=${part.name}`];
    const [found] = await ground.docker.listContainers({ all: true, filters: { label } });
    if (found === undefined) {
      throw new InfrastructureError({
        component: part.name,
        expected: "a container of this run, so that it can be killed and paused",
        happened: "it runs elsewhere",
        next: "name it as an image in the config; schedules need images",
      });
    }
    return new ProcessHandle(part, found.Id, ground, onExit);
  }

  /** Whether its first life was ended on purpose. */
  get wasKilled(): boolean {
    return this.#killed;
  }

  get state(): "running" | "paused" | "dead" {
    return this.#state;
  }

  /** Where this process finds it; null while nobody is there. */
  get address(): Address | null {
    return this.#state === "dead" ? null : this.#address;
  }

  /** SIGKILL; resolves when the process is gone. False if it was dead already. */
  kill(): Promise<boolean> {
    return this.#next(async () => {
      if (this.#state === "dead") return false;
      if (this.#state === "paused") await this.#container.unpause();
      this.#state = "dead";
      this.#killed = true;
      await this.#container.kill({ signal: "SIGKILL" });
      await this.#container.wait();
      return true;
    });
  }

  /** Starts the same container again; resolves when its process runs, which is before it is ready. */
  start(): Promise<void> {
    return this.#next(async () => {
      if (this.#state !== "dead") return;
      await this.#followAgain();
      await this.#container.start();
      const { NetworkSettings } = await this.#container.inspect();
      const published = Object.values(NetworkSettings.Ports ?? {}).flatMap((ports) => ports ?? []);
      const port = published.find(({ HostIp }) => HostIp === "127.0.0.1")?.HostPort;
      if (port !== undefined) this.#address = { ...this.#address, port: Number(port) };
      this.#state = "running";
    });
  }

  /** Names of the files in a folder of its disk, also while it is dead. */
  filesIn(folder: string): Promise<string[]> {
    return filesIn(this.#container, folder);
  }

  /** Freezes the process; resolves when the engine says that it stands still. False if it did not run. */
  pause(): Promise<boolean> {
    return this.#next(async () => {
      if (this.#state !== "running") return false;
      await pRetry(() => this.#container.pause(), freezing);
      this.#state = "paused";
      return true;
    });
  }

  resume(): Promise<void> {
    return this.#next(async () => {
      if (this.#state !== "paused") return;
      await this.#container.unpause();
      this.#state = "running";
    });
  }

  #next<T>(event: () => Promise<T>): Promise<T> {
    const done = this.#last.then(event);
    this.#last = done.catch(() => {});
    return done;
  }

  /** The log and the exit of the next life; asked for before it begins, so that nothing is missed. */
  async #followAgain(): Promise<void> {
    const { folder, redact, logs } = this.#ground;
    this.#lives += 1;
    const log = new LogFile(join(folder, "logs", `${this.name}.life-${this.#lives}.log`), redact);
    logs.push(log);
    const output = await this.#container.attach({ stream: true, stdout: true, stderr: true });
    const lines = new PassThrough();
    this.#container.modem.demuxStream(output, lines, lines);
    for (const event of ["end", "close", "error"]) output.once(event, () => lines.end());
    log.follow(lines);
    this.#container.wait({ condition: "next-exit" }).then(
      ({ StatusCode }: { StatusCode: number }) => {
        if (this.#state !== "dead") this.#onExit(`it exited with code ${StatusCode}`);
      },
      () => {},
    );
  }
}
