import type { Generation } from "../../../contracts/job.ts";
import { InfrastructureError, reasonOf } from "../../errors.ts";
import { exchangeOf } from "../../history/exchange-of.ts";
import type { Recorder } from "../../history/recorder.ts";
import { startHttpProxy } from "../../proxy/http-proxy.ts";
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
  api: () => Address;
}

/** A link to the API of its own for each caller, so that a history can say who spoke. Everything on it is recorded. */
export async function openLink(wish: LinkWish, ground: Ground, recorder: Recorder): Promise<Link> {
  const { network } = ground;
  const name = `${wish.from} -> api`;
  const listenOn = wish.contained ? network.listenOn : "127.0.0.1";
  const seenAs = wish.contained ? network.hostSeenFromInside : "127.0.0.1";
  try {
    const proxy = await startHttpProxy({
      host: listenOn,
      ...(wish.port === undefined ? {} : { port: wish.port }),
      upstream: wish.api,
      onPassage: (passage) => recorder.record(exchangeOf(name, wish.generation, passage)),
    });
    ground.stack.defer(() => proxy.close());
    return { name, url: `http://${seenAs}:${proxy.port}` };
  } catch (error) {
    throw new InfrastructureError(
      {
        component: `link ${name}`,
        expected: `port ${wish.port ?? "any"} of ${listenOn} to be free`,
        happened: reasonOf(error),
        next:
          wish.port === undefined
            ? "`ip addr` shows this machine's addresses"
            : `end whoever listens there (ss -ltnp 'sport = :${wish.port}') or change linkPort`,
      },
      error,
    );
  }
}
