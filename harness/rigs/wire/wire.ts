import { type DefaultBodyType, HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { matchOperation } from "../../../contracts/exchange.ts";
import { LinkBroken, type Reply } from "../../../contracts/in-process.ts";
import { inProcess } from "../in-process/in-process.ts";
import type { SimulatedProcess } from "../in-process/process.ts";
import { overHttp, type Transport, turn, type WorkerCall } from "../in-process/transport.ts";

/**
 * The wire rig's transport: a worker's call is a real `fetch` that msw takes off the wire, and reaches the API as a
 * real Request through its HTTP edge. Time stays virtual: it moves only while no request is between the two.
 */
export interface Wire extends Transport, Disposable {
  /** Requests that went over the wire so far. */
  readonly requests: number;
}

const callHeader = "x-interlock-call";
const domain = "worker.interlock.test";

export function openWire(): Wire {
  const callers = new Map<string, WorkerCall>();
  const hosts = new Map<SimulatedProcess, string>();
  const requests = new Requests();
  const server = setupServer(
    http.all(`http://*.${domain}/*`, ({ request }) => {
      const { hostname } = new URL(request.url);
      return answer(request, callers.get(hostname), requests);
    }),
  );
  // Listening comes before the first request: sockets that are pooled already would pass msw by.
  server.listen({ onUnhandledFrame: "error" });
  const onTheWire = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const id = requests.begin(new URL(input instanceof Request ? input.url : input).hostname);
    try {
      const headers = new Headers(init?.headers);
      headers.set(callHeader, id);
      const reply = await onTheWire(input, { ...init, headers });
      return new Response(await reply.arrayBuffer(), { status: reply.status, headers: reply.headers });
    } finally {
      requests.end(id);
    }
  };

  return {
    rig: "wire",
    get requests() {
      return requests.count;
    },
    workerApi: (worker, call) => {
      const host = `w${callers.size + 1}.${domain}`;
      callers.set(host, call);
      hosts.set(worker, host);
      return { kind: "http", baseUrl: `http://${host}` };
    },
    begun: (worker) => requests.arrivals(hosts.get(worker) ?? ""),
    serve: overHttp,
    settle: async () => {
      do await turn();
      while (requests.moving);
    },
    [Symbol.dispose]: () => {
      globalThis.fetch = onTheWire;
      server.close();
    },
  };
}

/** The requests that are under way, each with the side on which it is. */
class Requests {
  count = 0;
  readonly #sides = new Map<string, "going" | "there" | "coming">();
  /** Of those on their way there: whose they are, and who is told when they arrive. */
  readonly #going = new Map<string, { host: string } & PromiseWithResolvers<void>>();

  begin(host: string): string {
    this.count += 1;
    const id = String(this.count);
    this.#sides.set(id, "going");
    this.#going.set(id, { host, ...Promise.withResolvers<void>() });
    return id;
  }

  /** Resolves when those that this host has begun have arrived; null where none is on its way. */
  arrivals(host: string): Promise<unknown> | null {
    const own = [...this.#going.values()].filter((request) => request.host === host);
    return own.length === 0 ? null : Promise.all(own.map(({ promise }) => promise));
  }

  /** A request that its caller gave up is on no side any more. */
  enter(id: string, side: "there" | "coming"): void {
    if (this.#sides.has(id)) this.#sides.set(id, side);
    this.#arrived(id);
  }

  end(id: string): void {
    this.#sides.delete(id);
    this.#arrived(id);
  }

  #arrived(id: string): void {
    this.#going.get(id)?.resolve();
    this.#going.delete(id);
  }

  /** Whether any is between the two sides. */
  get moving(): boolean {
    return [...this.#sides.values()].some((side) => side !== "there");
  }
}

/** Puts a request that was taken off the wire to the API, and its reply back on. */
async function answer(
  request: Request,
  call: WorkerCall | undefined,
  requests: Requests,
): Promise<HttpResponse<DefaultBodyType>> {
  const id = request.headers.get(callHeader) ?? "";
  const matched = matchOperation(request.method, new URL(request.url).pathname);
  if (call === undefined || matched === undefined) return HttpResponse.json({}, { status: 404 });
  const body = (await request.json()) as Record<string, unknown>;
  requests.enter(id, "there");
  const outcome = await call(matched.id, { ...body, ...matched.parameters }).catch((error: unknown) => error);
  requests.enter(id, "coming");
  if (outcome instanceof LinkBroken) return outcome.kind === "truncated" ? cutShort() : HttpResponse.error();
  if (outcome instanceof Error) throw outcome;
  const { status, body: reply } = outcome as Reply;
  return HttpResponse.json(reply as Record<string, unknown>, { status });
}

/** A reply that ends in the middle of its body. */
const cutShort = () =>
  new HttpResponse(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"cut'));
        controller.error(new Error("the connection ended in the middle of the reply"));
      },
    }),
    { headers: { "content-type": "application/json" } },
  );

/** The in-process rig over that transport. */
export const wire = inProcess("wire", openWire);
