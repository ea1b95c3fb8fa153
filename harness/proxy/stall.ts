import type { Socket } from "node:net";
import type { Millis } from "../../contracts/values.ts";

/**
 * Stand-still of all connections of a proxy, as when packets go astray on a route that heals: no byte is read or
 * written, no connection ends, and new ones are accepted and hear nothing.
 */
export class Stall {
  readonly #sockets = new Set<Socket>();
  #until: Millis = 0;
  #over: Promise<void> | null = null;

  /** Takes in a socket for as long as it lives. */
  watch(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    if (this.#over !== null) socket.pause();
  }

  /** Forgets a socket: the encrypted one on top of it is watched in its place. */
  leave(socket: Socket): void {
    this.#sockets.delete(socket);
  }

  /** Resolves when nothing stands still any more; null while nothing does. */
  get over(): Promise<void> | null {
    return this.#over;
  }

  /** Lets everything stand still for `ms`, or for longer where that was asked for before. */
  hold(ms: Millis): Promise<void> {
    this.#until = Math.max(this.#until, performance.now() + ms);
    for (const socket of this.#sockets) socket.pause();
    this.#over ??= this.#wait();
    return this.#over;
  }

  async #wait(): Promise<void> {
    for (let left = this.#until - performance.now(); left > 0; left = this.#until - performance.now()) {
      await new Promise((resolve) => setTimeout(resolve, Math.ceil(left)));
    }
    this.#over = null;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Every connection ends. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
