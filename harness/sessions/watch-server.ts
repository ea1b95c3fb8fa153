import type { SessionPins } from "../config/session-pins.ts";
import { InfrastructureError, reasonOf } from "../errors.ts";
import type { Login } from "../query-plans/session.ts";
import type { SessionCheck } from "./judge.ts";
import { judgeWatched } from "./judge-watched.ts";
import { Lookout } from "./lookout.ts";
import { startWatch } from "./watch.ts";

interface WatchServerOptions {
  login: Login;
  /** Where applications are to connect; port 0 is any free one. */
  listen: { host: string; port: number };
  pins: SessionPins;
  /** Resolves when all has been done that is to be looked at. */
  during: (at: { host: string; port: number }) => Promise<void>;
}

/** Judges the connections that are made to a server by way of a port of this machine. */
export async function watchServer({
  login,
  listen,
  pins,
  during,
}: WatchServerOptions): Promise<SessionCheck> {
  await using lookout = new Lookout(() => login);
  await using watch = await listening(listen, () =>
    startWatch({ ...listen, upstream: () => login, lookAt: (connection) => lookout.look(connection) }),
  );
  return await judgeWatched({ watch, lookout, pins }, () => during({ host: listen.host, port: watch.port }));
}

async function listening<T>(
  { host, port }: { host: string; port: number },
  open: () => Promise<T>,
): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw new InfrastructureError(
      {
        component: "sessions",
        expected: `port ${port} of ${host} to be free`,
        happened: reasonOf(error),
        next: `end whoever listens there (ss -ltnp 'sport = :${port}') or name another with --listen`,
      },
      error,
    );
  }
}
