import type { TableSizes } from "../config/table-sizes.ts";
import { checkPlans, type PlanCheck } from "./check.ts";
import { collect } from "./collect.ts";
import { type Login, Session } from "./session.ts";

/** Judges everything that a server has executed since it was started, or since its counts were set back. Stopped, it leaves the server as it was. */
export async function checkServer(login: Login, sizes: TableSizes, signal: AbortSignal): Promise<PlanCheck> {
  await using session = await Session.open(login);
  const collected = await collect(session);
  if (collected.longest === 0) return { checked: [], allowed: [], untouched: [], lacks: collected.lacks };
  return await checkPlans(session, collected, sizes, signal);
}
