import type { SessionPins } from "../config/session-pins.ts";
import { judgeSessions, type SessionCheck } from "./judge.ts";
import type { Lookout } from "./lookout.ts";
import type { Watch } from "./watch.ts";

interface Watched {
  watch: Watch;
  lookout: Lookout;
  pins: SessionPins;
}

/** Has something done on a watched way to a server, and judges the connections of it; nothing is done where none is seen. */
export async function judgeWatched(
  { watch, lookout, pins }: Watched,
  act: () => Promise<void>,
): Promise<SessionCheck> {
  const lack = await lookout.lack();
  if (lack !== null) return { users: [], lacks: [lack] };
  await act();
  const seen = await watch.finish();
  lookout.check();
  return judgeSessions(seen, pins);
}
