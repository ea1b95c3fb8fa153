import type { Credential } from "../../../../contracts/authority.ts";
import { generations } from "../../../../contracts/job.ts";
import type { Millis } from "../../../../contracts/values.ts";
import { type Config, customerWith } from "../../../config/config.ts";
import type { HistoryEvent, OnEvent } from "../../../history/event.ts";
import { type Schedule, scheduleFormat } from "../../../schedule/schedule.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import { noActions } from "./carriers.ts";
import { ScheduleLife } from "./life.ts";
import { onStage, recordAsides } from "./on-stage.ts";
import { finalLookAtAdopted, heldLookAfter, prepareSources } from "./oracle.ts";
import { apisInTurn } from "./processes/apis-in-turn.ts";

export interface VisitOptions {
  /** What the visitors do; they are no longer heard when it resolves. */
  during: () => Promise<unknown>;
  onEvent: OnEvent;
  /** Given the history as far as it goes if the visit comes to trouble. */
  onTrouble: (events: readonly HistoryEvent[]) => void;
}

/** A call that has not ended by then has no answer in the history. */
const settleMs: Millis = 5_000;

/**
 * Leaves a rig to others and records what they do. Nobody knows what is to become of their jobs: in the end the oracle
 * looks at what the API's database says of each. Rejects with the rig's trouble.
 */
export async function visit(
  rig: ContainersRig,
  { during, onEvent, onTrouble }: VisitOptions,
): Promise<HistoryEvent[]> {
  const schedule = openTo(rig);
  const blind = Promise.withResolvers<never>();
  const life: ScheduleLife = new ScheduleLife({
    schedule,
    jobs: [],
    prefix: "",
    clockwork: rig.clockwork,
    customerOf: customerWith(rig.config),
    actions: noActions,
    nextApi: apisInTurn(rig, schedule),
    plannedName: (name) => name,
    visitorWith: credentialIn(rig.config),
    whileHeld: async (number, by, phase) => {
      const id = life.book.idOf(number);
      if (phase === "before" || id === null) return;
      try {
        life.record(await heldLookAfter(rig, { number, id }, by));
      } catch (error) {
        blind.reject(error);
      }
    },
    onEvent,
  });
  return onStage(rig, life, { trouble: [blind.promise], onTrouble }, async (enter) => {
    await prepareSources(rig);
    const watch = enter();
    await during();
    life.end("all");
    await life.settled(settleMs);
    await watch.finished();
    recordAsides(rig, life);
    const { adopted } = life.book;
    for (const job of adopted) life.record(await finalLookAtAdopted(rig, job));
    const extent = { jobs: adopted.length };
    return life.history().map((event) => (event.kind === "run" ? { ...event, visit: extent } : event));
  });
}

/** Whatever its visitors bring. */
const openTo = ({ releases }: ContainersRig): Schedule => ({
  format: scheduleFormat,
  workload: { jobs: [], workers: 1 },
  releases,
  seed: 1,
  faults: [],
});

/** A worker's token, by its generation, or one that nobody has. */
const credentialIn =
  ({ workerTokens }: Config) =>
  (authorization: string): Credential =>
    authorization === ""
      ? "none"
      : (generations.find((generation) => authorization === `Worker ${workerTokens?.[generation]}`) ??
        "unknown");
