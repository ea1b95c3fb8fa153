import { bytesWithin } from "../../../../contracts/bounds/bytes.ts";
import { isRetryable, statusOf } from "../../../../contracts/errors.ts";
import { version } from "../../../../contracts/operations/system.ts";
import { claimJob } from "../../../../contracts/operations/workers.ts";
import { stepOf } from "../../../../contracts/steps.ts";
import type { Millis } from "../../../../contracts/values.ts";
import type { WorkerComponent } from "../../../config/config.ts";
import { type ComponentTrouble, InfrastructureError } from "../../../errors.ts";
import { departuresOf } from "../../../history/departures.ts";
import type { AttestedBuild, ExchangeEvent } from "../../../history/event.ts";
import type { Witness } from "../../../history/witness.ts";
import { handshake, type Limits } from "./handshake.ts";
import type { Part } from "./part.ts";

/** Readiness and identity in one: each component is ready when it has answered, and answered as what it is. */

/** Who a component proved to be. Its digest was held against its image's label. */
export interface Identity extends AttestedBuild {
  /** The behaviour that was probed, in words. */
  probe: string;
}

/** The API answers as ready, says which build it is, and is asked whether it refuses a claim without a credential. */
export async function greetApi(
  part: Part,
  release: string,
  limits: Limits & { departed: ExchangeEvent[] },
): Promise<Identity> {
  const base = `http://${part.outside.host}:${part.outside.port}`;
  await handshake(part, "status 200 from /v3/system/server_status", limits, async (signal) => {
    const reply = await fetch(`${base}/v3/system/server_status`, { signal });
    const text = await textOf(reply);
    if (reply.status !== 200) throw new Error(`it answered ${reply.status}: ${brief(text)}`);
  });
  const which = "its build digest from /version";
  const digest = await handshake(part, which, limits, async (signal) => {
    const reply = await fetch(`${base}/version`, { signal });
    const text = await textOf(reply);
    const told = reply.status === 200 ? version.reply.schema.safeParse(parsed(text)) : null;
    if (told?.success) return told.data.digest;
    // It is ready, and this is its answer: asking again would only waste the time of whoever waits.
    throw unattested(part, which, `it answered ${reply.status}: ${brief(text)}`);
  });
  const { id, method, path } = claimJob;
  const refusal = await handshake(part, "an answer to a claim without credential", limits, async (signal) => {
    const reply = await fetch(`${base}${path}`, { method, signal });
    return { status: reply.status, reply: parsed(await textOf(reply)) };
  });
  if (refusal.status !== statusOf.unauthenticated)
    limits.departed.push(unguarded({ operation: id, method, path, ...refusal }));
  return attested(part, release, digest, `answers ${refusal.status} to a claim without credential`);
}

/** What was asked and answered, for the judge: it is the API's own fault, and no trouble of the run. */
const unguarded = (
  seen: Pick<ExchangeEvent, "operation" | "method" | "path" | "status" | "reply">,
): ExchangeEvent => ({
  kind: "exchange",
  link: "worker->api",
  by: "rig",
  generation: null,
  job: null,
  probe: "none",
  sent: 0,
  outcome: seen.status === 200 ? "ok" : "unknown",
  request: {},
  ...seen,
});

/** Who a worker is to be, and how it behaves. */
export interface Expected {
  worker: WorkerComponent;
  release: string;
  /** How long it waits for an answer of the API, where the config says it. */
  patienceMs: Millis | undefined;
}

/**
 * A worker is ready when a claim of its has been answered. With what is for the judge: here the claim alone counts, which
 * says the worker's generation, engines and build.
 */
export async function greetWorker(
  part: Part,
  { worker, release, patienceMs }: Expected,
  witness: Witness,
  limits: Limits,
): Promise<{ identity: Identity; claim: ExchangeEvent }> {
  const isClaim = ({ by, operation }: ExchangeEvent) => by === part.name && stepOf(operation) === "grant";
  const { engines, generation } = worker;
  const expected = `a claim by generation ${generation} for ${engines.join(", ")} that the API answers`;
  const isOther = (claim: Claim) =>
    claim.generation !== generation || enginesOf(claim) !== enginesOf({ engines });
  const answered = await handshake(part, expected, limits, (signal, note) => {
    note("no claim");
    let late: Millis | undefined;
    return witness.first((seen) => {
      if (!isClaim(seen)) return false;
      late = seen.servedAt ?? late;
      note("a claim that was left without an answer", unanswered(part.name, late, patienceMs));
      return isOther(claimOf(seen)) || seen.status !== null;
    }, signal);
  });
  const claim = claimOf(answered);
  if (isOther(claim))
    throw unattested(part, expected, `it claimed as ${claim.generation} for ${enginesOf(claim)}`);
  const said = `claims ${enginesOf(claim)} as ${claim.generation}`;
  return { identity: attested(part, release, claim.version ?? "", said), claim: answered };
}

/**
 * What was answered otherwise than it should before all were ready. A worker may be known by a claim that came before the API
 * was: that it was told to come again then is no fault.
 *
 * @param claims those by which the workers are known
 * @param later all that was heard since the API is ready
 */
export function departedAmong(
  claims: readonly ExchangeEvent[],
  later: readonly ExchangeEvent[],
): ExchangeEvent[] {
  const early = claims.filter(
    (one) => !later.includes(one) && one.status !== null && !isRetryable(one.status),
  );
  return [...early, ...later].filter(isTelling);
}

/** That there is no job for a worker is nothing to tell. */
const isTelling = (exchange: ExchangeEvent): boolean =>
  exchange.status !== null && (exchange.status !== 200 || departuresOf(exchange).length > 0);

type Claim = { generation?: string; engines?: readonly string[]; version?: string };

const claimOf = ({ request }: ExchangeEvent): Claim => Object(request);

const enginesOf = ({ engines }: Claim): string => [engines ?? []].flat().toSorted().join(", ");

/** Who is to blame for a claim without an answer: the API, unless its answer came while the worker had to wait for it. */
function unanswered(
  worker: string,
  servedAt: Millis | undefined,
  patienceMs: Millis | undefined,
): ComponentTrouble | null {
  if (servedAt !== undefined && patienceMs !== undefined && servedAt <= patienceMs) return null;
  const within =
    patienceMs === undefined
      ? "before the worker gives up"
      : `within ${seconds(patienceMs)}, which is limits.requestMs x timeScale of the config's schedules`;
  return {
    component: "api",
    expected: `an answer to the claims of ${worker} ${within}`,
    happened: servedAt === undefined ? "there was none" : `the last one came after ${seconds(servedAt)}`,
    next: "see what keeps the API; where it needs that time, let its callers wait longer, as with a larger timeScale",
  };
}

const seconds = (ms: Millis): string => `${Math.round(ms) / 1000} s`;

function attested(part: Part, release: string, digest: string, probe: string): Identity {
  const label = part.labelledDigest;
  if (digest === "" || (label !== null && digest !== label)) {
    throw unattested(
      part,
      `the build digest ${label ?? "of its build"}`,
      `it calls itself ${digest || "nothing"}`,
    );
  }
  return { component: part.name, release, digest, image: part.imageId, probe };
}

const unattested = (part: Part, expected: string, happened: string) =>
  new InfrastructureError({
    component: part.name,
    expected,
    happened,
    log: part.tail,
    next: "what runs is not what the config names: build the image again, or name the right one",
  });

const replyBytes = 2 ** 20;

async function textOf(reply: Response): Promise<string> {
  const bytes = await bytesWithin(reply.body, replyBytes);
  if (bytes === null) throw new Error(`it answered ${reply.status} with more than ${replyBytes} bytes`);
  return new TextDecoder().decode(bytes);
}

const brief = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
