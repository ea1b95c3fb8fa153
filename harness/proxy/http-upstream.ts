import { connect, type Socket } from "node:net";
import { type HttpMessage, MessageReader, MessageTooLong, statusOf } from "./http-message.ts";
import type { Stall } from "./stall.ts";
import type { Upstream } from "./way.ts";

/**
 * No reply came. `reached` says whether the request may have had an effect, `head` how a reply began that was too long to
 * be kept.
 */
export class UpstreamLost extends Error {
  override name = "UpstreamLost";
  readonly reached: boolean;
  readonly head: string | null;

  constructor(message: string, reached: boolean, head: string | null = null) {
    super(message);
    this.reached = reached;
    this.head = head;
  }
}

interface Waiting {
  method: string;
  resolve: (reply: HttpMessage) => void;
  reject: (error: UpstreamLost) => void;
}

/** The connection to the service that belongs to one caller's connection; made when it is first needed. */
export class HttpUpstream {
  readonly #where: () => Upstream | null;
  readonly #stall: Stall;
  readonly #onIdleEnd: () => void;
  #socket: Socket | null = null;
  #connected = false;
  #replies = new MessageReader("reply");
  #waiting: Waiting | null = null;

  constructor(where: () => Upstream | null, stall: Stall, onIdleEnd: () => void) {
    this.#where = where;
    this.#stall = stall;
    this.#onIdleEnd = onIdleEnd;
  }

  /** True after the service has ended the connection with its last reply. */
  get ended(): boolean {
    return this.#socket === null;
  }

  /** Sends a whole request; one at a time. @throws UpstreamLost */
  send(raw: Buffer, method: string): Promise<HttpMessage> {
    return new Promise((resolve, reject) => {
      const where = this.#where();
      if (this.#socket === null && where === null)
        return reject(new UpstreamLost("the service is not there", false));
      this.#waiting = { method, resolve, reject };
      this.#socket ??= this.#connect(where as Upstream);
      this.#socket.write(raw);
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #connect(where: Upstream): Socket {
    const socket = connect({ ...where, noDelay: true });
    this.#replies = new MessageReader("reply");
    this.#connected = false;
    this.#stall.watch(socket);
    let problem = "the service ended the connection";
    let head: string | null = null;
    socket.once("connect", () => {
      this.#connected = true;
    });
    socket.on("data", (chunk: Buffer) => {
      try {
        this.#replies.push(chunk);
      } catch (error) {
        return void socket.destroy(error as Error);
      }
      this.#read(socket, () => this.#replies.take(this.#waiting?.method === "HEAD"));
    });
    socket.on("error", (error) => {
      problem = error.message;
      if (error instanceof MessageTooLong) head = error.head;
    });
    socket.once("end", () => this.#read(socket, () => this.#replies.takeLast()));
    socket.once("close", () => {
      if (this.#socket === socket) this.#socket = null;
      const waiting = this.#waiting;
      this.#waiting = null;
      if (waiting === null) this.#onIdleEnd();
      else waiting.reject(new UpstreamLost(problem, this.#connected, head));
    });
    return socket;
  }

  #read(socket: Socket, take: () => HttpMessage | null): void {
    try {
      for (let reply = take(); reply !== null; reply = take()) {
        // Interim replies concern the next hop alone.
        if (statusOf(reply.head) < 200) continue;
        const waiting = this.#waiting;
        this.#waiting = null;
        waiting?.resolve(reply);
        return;
      }
    } catch (error) {
      socket.destroy(error as Error);
    }
  }
}
