import type { Socket } from "node:net";
import type { Millis } from "../../contracts/values.ts";
import { PacketReader, threadIn } from "../proxy/mysql-wire.ts";
import type { Look } from "./judge.ts";
import type { LookedAt } from "./look.ts";
import { ClientPieces, type Piece } from "./pieces.ts";

/** Looks at a connection by the id that the server gave it; null where it cannot be looked at. */
export type LookAt = (connection: number) => Promise<LookedAt | null>;

/** A command may have no answer: longer than this nobody waits for one. */
const answerMs: Millis = 50;
/** How often a connection is looked at that is at work. */
const mostLooks = 200;
const greetingOfVersion10 = 10;

/**
 * One client's connection, passed on to the letter. What may be the last of it is held back until the server was asked what
 * the session uses: a connection may be over in a millisecond, and of one that is over the server keeps nothing.
 */
export class WatchedConnection {
  readonly looks: Look[] = [];
  /** Why its end is not known; null where it is, or where it has not ended. */
  unseen: string | null = null;
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #lookAt: LookAt;
  readonly #pieces = new ClientPieces();
  #connection = 0;
  #hasSpoken = false;
  /** Whether something was passed on that nobody has looked behind. */
  #isStale = true;
  /** Bytes of the server since it was given what may be the last; null where that was not the last thing given. */
  #answered: number | null = null;
  /** Whether the server has not yet spoken since it was given something. */
  #isAsked = false;
  #looking: Promise<void> = Promise.resolve();
  #heard = Promise.withResolvers<void>();

  constructor(client: Socket, upstream: Socket, lookAt: LookAt) {
    this.#client = client;
    this.#upstream = upstream;
    this.#lookAt = lookAt;
    const greeting = new PacketReader();
    upstream.on("data", (chunk: Buffer) => {
      if (this.#connection === 0) this.#greeted(greeting, chunk);
      this.#hear(chunk);
      if (client.write(chunk)) return;
      upstream.pause();
      client.once("drain", () => upstream.resume());
    });
    client.on("error", () => {});
    client.once("close", () => upstream.resume());
    upstream.on("error", () => client.resetAndDestroy());
    upstream.once("close", () => {
      this.#endedByServer();
      client.end();
    });
    void this.#passOn();
  }

  /** Looks at it as it is now, where that is not known. */
  async lookNow(): Promise<void> {
    await this.#looking;
    if (this.#hasSpoken && this.#isStale) await this.#look();
  }

  #greeted(greeting: PacketReader, chunk: Buffer): void {
    for (const { raw, payload } of greeting.push(chunk)) {
      if (payload[0] === greetingOfVersion10) this.#connection = threadIn(raw);
      return;
    }
  }

  #hear({ length }: Buffer): void {
    this.#isAsked = false;
    this.#heard.resolve();
    this.#heard = Promise.withResolvers();
    if (this.#answered === null) return;
    this.#answered += length;
    // It has gone on: what was held back was no goodbye.
    if (this.#answered > this.#pieces.goodbyeBytes) this.#isStale = true;
  }

  async #passOn(): Promise<void> {
    try {
      for await (const chunk of this.#client)
        for (const piece of this.#pieces.cut(chunk as Buffer)) await this.#give(piece);
    } catch {
      // The client has gone without a goodbye.
    }
    await this.lookNow();
    this.#upstream.end();
  }

  async #give({ bytes, mayBeLast, isLast }: Piece): Promise<void> {
    if (mayBeLast) await this.#look();
    this.#hasSpoken = true;
    this.#isAsked = true;
    this.#answered = mayBeLast && !isLast ? 0 : null;
    if (!mayBeLast) this.#isStale = true;
    await new Promise<void>((resolve) => this.#upstream.write(bytes, () => resolve()));
  }

  #look(): Promise<void> {
    this.#looking = this.#lookAtRest();
    return this.#looking;
  }

  /** Once the server has answered all that it was given. */
  async #lookAtRest(): Promise<void> {
    for (let i = 0; i < mostLooks && !this.#upstream.destroyed; i += 1) {
      if (this.#isAsked || i > 0) await this.#nextAnswer();
      const seen = await this.#lookAt(this.#connection);
      if (seen?.kind === "busy") continue;
      this.#isStale = seen?.kind === "gone" || seen === null;
      this.unseen = null;
      this.#answered = null;
      if (seen?.kind === "seen") this.looks.push(seen.look);
      return;
    }
    if (!this.#upstream.destroyed) this.unseen = "at work whenever they were looked at";
  }

  async #nextAnswer(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, answerMs);
    await Promise.race([this.#heard.promise, late]);
    clearTimeout(timer);
  }

  #endedByServer(): void {
    if (this.#connection !== 0 && this.#hasSpoken && this.#isStale)
      this.unseen = "refused or ended by the server before they could be looked at";
  }
}
