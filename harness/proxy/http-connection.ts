import type { Socket } from "node:net";
import type { Millis } from "../../contracts/values.ts";
import { type HttpMessage, MessageReader, MessageTooLong, statusOf } from "./http-message.ts";
import { HttpUpstream, type UpstreamLost } from "./http-upstream.ts";
import type { Stall } from "./stall.ts";
import { type CallPlan, type Ending, type Upstream, untouched } from "./way.ts";

export interface HttpRequest {
  method: string;
  /** Path with query string. */
  url: string;
  /** First line and headers as they came. */
  head: string;
  requestBody: Buffer;
}

export interface HttpReply {
  status: number;
  /** First line and headers as they came. */
  head: string;
  /** Empty where it was too long to be kept. */
  body: Buffer;
  /** How it was too long; absent where it was not. */
  beyond?: string;
}

/** A request that came by and what came of it, bodies whole. */
export interface Passage extends HttpRequest {
  /** What the caller got; null where no whole reply reached it. */
  status: number | null;
  /** What the service answered; null where it did not. */
  served: HttpReply | null;
  /** Whether the request was sent on: if not, it surely had no effect. */
  reached: boolean;
  /** Why the caller got no reply, or one that the service never gave. */
  problem: string | null;
  /** From the whole request to the reply's leaving. */
  millis: Millis;
}

export interface HttpProxyOptions {
  /** Address to listen on: loopback, or the run network's own gateway. */
  host: string;
  /** 0 for any free port. */
  port?: number;
  /**
   * Where requests go; null while nobody is there. Asked anew for each connection: a restarted container changes its
   * port.
   */
  upstream: () => Upstream | null;
  /** What breaks on the way of this request; null or absent: nothing. */
  plan?: (request: HttpRequest) => HttpPlan | null;
  /** Told of every exchange in the same turn of the event loop in which the reply leaves. */
  onPassage: (passage: Passage) => void;
}

export interface HttpPlan extends CallPlan<HttpReply> {
  /** Where this request goes instead; absent: where all of its link do. One function for each place. */
  upstream?: () => Upstream | null;
  /** Told of what came of the call, besides `onPassage`. */
  concluded?: (passage: Passage) => void;
}

/** One caller's connection: its requests one after the other, each to its end even if the caller leaves. */
export class HttpConnection {
  readonly #client: Socket;
  readonly #options: HttpProxyOptions;
  readonly #stall: Stall;
  readonly #requests = new MessageReader("request");
  /** A connection of this caller's own to each place that its requests go to. */
  readonly #upstreams = new Map<() => Upstream | null, HttpUpstream>();
  #busy = false;

  constructor(client: Socket, options: HttpProxyOptions, stall: Stall) {
    this.#client = client;
    this.#options = options;
    this.#stall = stall;
    client.on("data", (chunk: Buffer) => {
      try {
        this.#requests.push(chunk);
      } catch (error) {
        return this.#refuse(error);
      }
      this.#next();
    });
    client.on("error", () => {});
    client.on("close", () => {
      if (!this.#busy) this.#closeUpstreams();
    });
  }

  #upstreamOf(where: () => Upstream | null): HttpUpstream {
    let found = this.#upstreams.get(where);
    if (found === undefined) {
      found = new HttpUpstream(where, this.#stall, () => {
        // The service ended an idle connection, and its caller has no other: so ends the caller's.
        if (!this.#busy && [...this.#upstreams.values()].every(({ ended }) => ended)) this.#client.end();
      });
      this.#upstreams.set(where, found);
    }
    return found;
  }

  #closeUpstreams(): void {
    for (const upstream of this.#upstreams.values()) upstream.close();
  }

  #next(): void {
    if (this.#busy) return;
    let request: HttpMessage | null;
    try {
      request = this.#requests.take();
    } catch (error) {
      return this.#refuse(error);
    }
    if (request === null) {
      if (this.#requests.awaitsContinue) this.#client.write("HTTP/1.1 100 Continue\r\n\r\n");
      return;
    }
    this.#busy = true;
    this.#pass(request)
      .catch(() => this.#client.resetAndDestroy())
      .finally(() => {
        this.#busy = false;
        if (this.#client.writable) this.#next();
        else this.#closeUpstreams();
      });
  }

  /** What is no request ends its connection; one that is too long is told of, and never sent on. */
  #refuse(error: unknown): void {
    this.#client.resetAndDestroy();
    if (this.#busy || !(error instanceof MessageTooLong) || error.head === null) return;
    const request = { ...addressed(error.head), head: error.head, requestBody: nothing };
    const outcome = { status: null, served: null, reached: false, problem: error.message, millis: 0 };
    this.#conclude({ ...request, ...outcome }, this.#options.plan?.(request) ?? null);
  }

  async #pass(message: HttpMessage): Promise<void> {
    const { head, body: requestBody } = message;
    const began = performance.now();
    const { method, url } = addressed(head);
    const request = { method, url, head, requestBody };
    const plan = this.#options.plan?.(request) ?? null;
    const outcome = await this.#bring(message, method, plan);
    const passage = { ...request, ...outcome, millis: performance.now() - began };
    this.#conclude(passage, plan);
  }

  #conclude(passage: Passage, plan: HttpPlan | null): void {
    this.#options.onPassage(passage);
    plan?.concluded?.(passage);
  }

  async #bring({ raw }: HttpMessage, method: string, plan: HttpPlan | null): Promise<Outcome> {
    const there = plan === null ? untouched : await plan.before();
    await this.#standStill(there.stallMs);
    if (there.end !== undefined) return this.#finish(there.end, null);

    const where = plan?.upstream ?? this.#options.upstream;
    const upstream = this.#upstreamOf(where);
    let reply: HttpMessage;
    try {
      if (there.duplicate) await this.#sendAside(where, raw, method);
      reply = await upstream.send(raw, method);
    } catch (error) {
      // The caller sees what it would see without a proxy: a connection that ends without an answer.
      this.#client.resetAndDestroy();
      const { reached, head, message } = error as UpstreamLost;
      const served = head === null ? null : { status: statusOf(head), head, body: nothing, beyond: message };
      return { status: null, served, reached, problem: message };
    }
    const served = { status: statusOf(reply.head), head: reply.head, body: reply.body };
    const back = plan === null ? untouched : await plan.after(served);
    await this.#standStill(back.stallMs);
    if (back.end !== undefined) return { ...this.#finish(back.end, reply), served, reached: true };
    if (!this.#client.writable)
      return { status: null, served, reached: true, problem: "the caller had gone" };
    this.#client.write(reply.raw);
    if (upstream.ended) this.#client.end();
    return { status: served.status, served, reached: true, problem: null };
  }

  /** Delivers a request over a connection of its own: the service may end the caller's with its reply. */
  async #sendAside(where: () => Upstream | null, raw: Buffer, method: string): Promise<void> {
    const aside = new HttpUpstream(where, this.#stall, () => {});
    await aside.send(raw, method).catch(() => {});
    aside.close();
  }

  async #standStill(ms: Millis | undefined): Promise<void> {
    if (ms !== undefined) await this.#stall.hold(ms);
    while (this.#stall.over !== null) await this.#stall.over;
  }

  /** Ends a call for its caller as a fault says. */
  #finish(ending: Ending, reply: HttpMessage | null): Outcome {
    const client = this.#client;
    const outcome = { status: null, served: null, reached: false, problem: problemOf(ending) };
    if (!client.writable) return outcome;
    switch (ending.kind) {
      case "reset":
        client.resetAndDestroy();
        return outcome;
      case "truncated":
        client.write(half(reply), () => client.resetAndDestroy());
        return outcome;
      case "answer":
        client.write(answer(ending.status, ending.body));
        return { ...outcome, status: ending.status };
    }
  }
}

const nothing = Buffer.alloc(0);

/** Method and path of a request, by its head. */
function addressed(head: string): { method: string; url: string } {
  const [method, url] = head.slice(0, head.indexOf(" HTTP/1.")).split(" ", 2) as [string, string];
  return { method, url };
}

type Outcome = Pick<Passage, "status" | "served" | "reached" | "problem">;

const problemOf = (ending: Ending): string =>
  ending.kind === "answer"
    ? `status ${ending.status} by an injected fault`
    : `${ending.kind} by an injected fault`;

function answer(status: number, body: unknown): Buffer {
  const bytes = Buffer.from(JSON.stringify(body));
  const head = `HTTP/1.1 ${status} Injected\r\ncontent-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** A reply whose length promises more than comes. */
function half(reply: HttpMessage | null): Buffer {
  if (reply === null || reply.body.length === 0)
    return Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 64\r\n\r\n{"');
  const { raw, body } = reply;
  return raw.subarray(0, raw.length - Math.ceil(body.length / 2));
}
