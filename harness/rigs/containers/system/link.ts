import type { Generation } from "../../../../contracts/job.ts";
import { InfrastructureError, reasonOf } from "../../../errors.ts";
import { exchangeOf } from "../schedule/exchange-of.ts";
import type { Recorder } from "../../../history/recorder.ts";
import { type HttpProxyOptions, startHttpProxy } from "../../../proxy/http-proxy.ts";
import type { Proxy } from "../../../proxy/way.ts";
import type { Address, Ground } from "./part.ts";

export interface Link {
  name: string;
  /** Base URL of the API for whoever is at the other end of this link. */
  url: string;
}

export interface LinkWish {
  /** `customer`, or a worker's name. */
  from: string;
  generation: Generation | null;
  /** Whether the caller runs on the run's own network. */
  contained: boolean;
  port?: number;
  /** Where the API is; null until it is there. */
  api: () => Address | null;
  /** What breaks on it; nothing unless given. */
  plan?: NonNullable<HttpProxyOptions["plan"]>;
  /** Told of every exchange, besides the recorder. */
  onPassage?: HttpProxyOptions["onPassage"];
}

/** A link to the API of its own for each caller, so that a history can say who spoke. Everything on it is recorded. */
export async function openLink(wish: LinkWish, ground: Ground, recorder: Recorder): Promise<Link> {
  const name = `${wish.from} -> api`;
  const speaker = { link: name, generation: wish.generation };
  const address = await openProxy(name, wish, ground, (listen) =>
    startHttpProxy({
      ...listen,
      upstream: wish.api,
      ...(wish.plan === undefined ? {} : { plan: wish.plan }),
      onPassage: wish.onPassage ?? ((passage) => recorder.record(exchangeOf(speaker, passage))),
    }),
  );
  return { name, url: `http://${address.host}:${address.port}` };
}

/** Starts a proxy where its caller can reach it; it ends with the run. @returns its address as the caller sees it */
export async function openProxy(
  name: string,
  { contained, port }: { contained: boolean; port?: number },
  { network, stack }: Ground,
  start: (listen: { host: string; port?: number }) => Promise<Proxy>,
): Promise<Address> {
  const listenOn = contained ? network.listenOn : "127.0.0.1";
  try {
    const proxy = await start({ host: listenOn, ...(port === undefined ? {} : { port }) });
    stack.defer(() => proxy.close());
    return { host: contained ? network.hostSeenFromInside : "127.0.0.1", port: proxy.port };
  } catch (error) {
    throw new InfrastructureError(
      {
        component: `link ${name}`,
        expected: `port ${port ?? "any"} of ${listenOn} to be free`,
        happened: reasonOf(error),
        next:
          port === undefined
            ? "`ip addr` shows this machine's addresses"
            : `end whoever listens there (ss -ltnp 'sport = :${port}') or change linkPort`,
      },
      error,
    );
  }
}
