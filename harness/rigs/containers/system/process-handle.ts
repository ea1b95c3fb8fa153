import { join } from "node:path";
import { PassThrough } from "node:stream";
import pRetry, { type Options } from "p-retry";
import type { Address } from "../../../destinations/destination.ts";
import { InfrastructureError, reasonOf } from "../../../errors.ts";
import { addressIn } from "../docker/container.ts";
import { type DiskChanges, diskChanges } from "../docker/disk-changes.ts";
import { type Docker, notSeen } from "../docker/engine.ts";
import { diskOf, filesIn } from "../docker/files-in.ts";
import { LogFile } from "../docker/log-file.ts";
import type { Ground, Part, PartOptions } from "./part.ts";

/** On a busy machine the engine may give up freezing a process, which then runs on: it is asked again. */
const freezing: Options = {
  retries: 5,
  minTimeout: 50,
  factor: 2,
  shouldRetry: ({ error }) => reasonOf(error).includes("unable to freeze"),
};

/**
 * The process of one container as something that can be killed, started again and paused. It stays the same container
 * until a version step, so that its disk outlives it; its address does not, so that it must be asked for
 * each time. An end that nobody asked for is the ground's to tell.
 */
export class ProcessHandle {
  readonly name: string;
  readonly #ground: Ground;
  #part: Part;
  #container: ReturnType<Docker["getContainer"]>;
  #address: Address;
  #state: "running" | "paused" | "ending" | "dead" = "running";
  /** Number of its life, from 1; of the next one while it is dead. */
  #life = 1;
  /** Events of one process follow one another. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(part: Part, ground: Ground) {
    this.name = part.name;
    this.#ground = ground;
    this.#part = part;
    this.#container = containerOf(part, ground);
    this.#address = part.outside;
    this.#watch(part.exited);
  }

  get containerId(): string | null {
    return this.#part.containerId;
  }

  get state(): "running" | "paused" | "ending" | "dead" {
    return this.#state;
  }

  /** Number of its life, from 1; once it has been told to end, of the next one. */
  get life(): number {
    return this.#life;
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
      const wasAsked = this.#state === "ending";
      this.#state = "dead";
      if (!wasAsked) this.#life += 1;
      await this.#signal("SIGKILL", wasAsked);
      await this.#container.wait();
      return true;
    });
  }

  /** SIGTERM to a process that runs. @returns what resolves when it is gone; null if it does not run, or is asked already */
  askToEnd(): Promise<{ ended: Promise<void> } | null> {
    return this.#next(async () => {
      if (this.#state !== "running") return null;
      this.#state = "ending";
      this.#life += 1;
      const ended = this.#container.wait().then(() => {});
      // Whoever kills it meets the same trouble.
      ended.catch(() => {});
      await this.#signal("SIGTERM", false);
      return { ended };
    });
  }

  async #signal(signal: "SIGKILL" | "SIGTERM", mayHaveEnded: boolean): Promise<void> {
    try {
      await this.#container.kill({ signal });
    } catch (error) {
      const hasEnded = (error as { statusCode?: number }).statusCode === 409;
      if (!hasEnded || !mayHaveEnded) throw hasEnded ? this.#hadEnded() : error;
    }
  }

  /** Starts the same container again; resolves when its process runs, which is before it is ready. */
  start(): Promise<void> {
    return this.#next(async () => {
      if (this.#state !== "dead") return;
      await this.#followAgain();
      await this.#container.start();
      const { network } = this.#ground;
      this.#address = addressIn(await this.#container.inspect(), network, this.#part.inside.port);
      this.#state = "running";
    });
  }

  /** It is dead: goes on as another container, which is given a folder of this one's disk. */
  become<Started extends { part: Part }>(
    folder: string | undefined,
    start: (given: Pick<PartOptions, "disk" | "log">) => Promise<Started>,
  ): Promise<Started> {
    return this.#next(async () => {
      const disk = folder === undefined ? undefined : await diskOf(this.#container, folder);
      const started = await start({ disk, log: this.#logName() });
      const { part } = started;
      this.#container = containerOf(part, this.#ground);
      this.#part = part;
      this.#address = part.outside;
      this.#state = "running";
      this.#watch(part.exited);
      return started;
    });
  }

  /** Names of the files in a folder of its disk, also while it is dead. */
  filesIn(folder: string): Promise<string[]> {
    return filesIn(this.#container, folder);
  }

  /** Whether its disk has this folder. */
  async has(folder: string): Promise<boolean> {
    return (await diskOf(this.#container, folder)) !== undefined;
  }

  /** What it has changed on its disk, and the environment that it was given. */
  async changes(): Promise<DiskChanges & { env: readonly string[] }> {
    const [changed, { Config }] = await Promise.all([
      diskChanges(this.#container),
      this.#container.inspect(),
    ]);
    return { ...changed, env: Config.Env };
  }

  /** Freezes the process; resolves when the engine says that it stands still. False if it did not run. */
  pause(): Promise<boolean> {
    return this.#next(async () => {
      if (this.#state !== "running") return false;
      await pRetry(() => this.#pauseOnce(), freezing);
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

  /** What the engine then tells of it is known to be the run's own doing. */
  async #pauseOnce(): Promise<void> {
    const id = this.#part.containerId ?? "";
    this.#ground.pauses.ask(id);
    try {
      await this.#container.pause();
    } catch (error) {
      this.#ground.pauses.takeBack(id);
      throw error;
    }
  }

  /** A life that was ended on purpose is over before its end is heard of. */
  #watch(exited: Promise<string> | null): void {
    const life = this.#life;
    void exited?.then((how) => {
      if (life === this.#life) this.#ground.onExit(this.name, how, this.#part);
    });
  }

  /** It ended by itself, just before it was to be killed. */
  #hadEnded(): InfrastructureError {
    return new InfrastructureError({
      component: this.name,
      expected: "it to run until the schedule kills it",
      happened: "it had ended by itself",
      log: this.#part.tail,
      next: `read ${this.#part.log ?? "its log"}, its whole log`,
    });
  }

  /** Of the log of a later life. */
  #logName(): string {
    return `${this.name}.start-${this.#life}`;
  }

  #next<T>(event: () => Promise<T>): Promise<T> {
    const done = this.#last.then(event);
    this.#last = done.catch(() => {});
    return done;
  }

  /** The log and the exit of the next life; asked for before it begins, so that nothing is missed. */
  async #followAgain(): Promise<void> {
    const { folder, redact, logs, telltales } = this.#ground;
    const path = join(folder, "logs", `${this.#logName()}.log`);
    const log = new LogFile(path, redact, () => telltales.add(this.#part.name));
    logs.push(log);
    this.#part = { ...this.#part, tail: log.tail, log: path };
    const output = await this.#container.attach({ stream: true, stdout: true, stderr: true });
    const lines = new PassThrough();
    this.#container.modem.demuxStream(output, lines, lines);
    for (const event of ["end", "close", "error"]) output.once(event, () => lines.end());
    log.follow(lines);
    const ended: Promise<string> = this.#container.wait({ condition: "next-exit" }).then(
      ({ StatusCode }: { StatusCode: number }) => `it exited with code ${StatusCode}`,
      (error: unknown) => notSeen(error),
    );
    this.#watch(ended.then((how) => log.settled().then(() => how)));
  }
}

function containerOf({ name, containerId }: Part, { docker }: Ground): ReturnType<Docker["getContainer"]> {
  if (containerId !== null) return docker.getContainer(containerId);
  throw new InfrastructureError({
    component: name,
    expected: "a container of this run, so that it can be killed and paused",
    happened: "it runs elsewhere",
    next: "name it as an image in the config; schedules need images",
  });
}
