import { statusOf } from "../../../../contracts/errors.ts";
import { version } from "../../../../contracts/operations/system.ts";
import { claimJob } from "../../../../contracts/operations/workers.ts";
import { stepOf } from "../../../../contracts/steps.ts";
import type { WorkerComponent } from "../../../config/config.ts";
import { InfrastructureError } from "../../../errors.ts";
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
    const text = await reply.text();
    if (reply.status !== 200) throw new Error(`it answered ${reply.status}: ${brief(text)}`);
  });
  const which = "its build digest from /version";
  const digest = await handshake(part, which, limits, async (signal) => {
    const reply = await fetch(`${base}/version`, { signal });
    const text = await reply.text();
    const told = reply.status === 200 ? version.reply.schema.safeParse(parsed(text)) : null;
    if (told?.success) return told.data.digest;
    // It is ready, and this is its answer: asking again would only waste the time of whoever waits.
    throw unattested(part, which, `it answered ${reply.status}: ${brief(text)}`);
  });
  const { id, method, path } = claimJob;
  const refusal = await handshake(part, "an answer to a claim without credential", limits, async (signal) => {
    const reply = await fetch(`${base}${path}`, { method, signal });
    return { status: reply.status, reply: parsed(await reply.text()) };
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

/** A worker is ready when its first claim has been answered; the claim says which generation, engines and build. */
export async function greetWorker(
  part: Part,
  { worker, release }: { worker: WorkerComponent; release: string },
  witness: Witness,
  limits: Limits,
): Promise<Identity> {
  const isClaim = ({ by, operation }: ExchangeEvent) => by === part.name && stepOf(operation) === "grant";
  const expected = `a claim by generation ${worker.generation} for ${worker.engines.join(", ")} that the API answers`;
  const { request } = await handshake(part, expected, limits, (signal, note) => {
    note("no claim");
    return witness.first((seen) => {
      if (!isClaim(seen)) return false;
      note(`a claim that was answered with ${seen.status ?? "nothing"}`);
      return seen.status === 200;
    }, signal);
  });
  const claim = request as { generation?: string; engines?: string[]; version?: string };
  const engines = [...(claim.engines ?? [])].sort().join(", ");
  if (claim.generation !== worker.generation || engines !== [...worker.engines].sort().join(", ")) {
    throw unattested(part, expected, `it claimed as ${claim.generation} for ${engines}`);
  }
  return attested(part, release, claim.version ?? "", `claims ${engines} as ${claim.generation}`);
}

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

const brief = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
