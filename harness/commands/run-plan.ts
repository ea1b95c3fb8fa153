import type { KeyObject } from "node:crypto";
import { UsageError } from "../errors.ts";
import { attesting } from "../evidence/attest.ts";
import { privateKey } from "../evidence/dsse.ts";
import { scheduleDigest } from "../evidence/schedule-digest.ts";
import type { BrokenInvariant } from "../invariants/judge.ts";
import { judgeReplay } from "../replay/replay.ts";
import { type Left, runOnce } from "../replay/run-once.ts";
import type { Outcome } from "../rigs/abstract-outcome.ts";
import { beyondIn } from "../rigs/beyond.ts";
import { type RigName, rigs } from "../rigs/index.ts";
import type { OpenOptions } from "../rigs/rig.ts";
import type { Run } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { brokenBeside, Twins } from "../skew/twin.ts";
import { readInput } from "./shared/input.ts";

/** A schedule that is run, and a rolling plan with the same jobs without its steps: in process, or in containers with evidence. */

/** Writes the evidence of a run, with what it broke beside that of its twin. */
export type Keep = (left: Left, beside: readonly BrokenInvariant[]) => Promise<void>;

/** What came of a schedule, and which of its jobs end otherwise than without its steps (I10). */
export interface Ran {
  run: Run;
  beside: readonly BrokenInvariant[];
}

/** Runs one schedule after the other; jobs that several plans have are run without their steps once. */
export class Plans {
  readonly #rig: RigName;
  readonly #options: OpenOptions;
  readonly #keep: Keep;
  readonly #twins: Twins;

  constructor(rig: RigName, options: OpenOptions, keep: Keep) {
    this.#rig = rig;
    this.#options = options;
    this.#keep = keep;
    this.#twins = new Twins((twin) => {
      options.note("the jobs without a step");
      return runOnce(rig, twin, options, (left) => keep(left, []));
    });
  }

  async run(schedule: Schedule): Promise<Ran> {
    const twin = await this.#twinOf(schedule);
    const run = await runOnce(this.#rig, schedule, this.#options, (left) =>
      this.#keep(left, brokenBeside(left.run, twin)),
    );
    return { run, beside: brokenBeside(run, twin) };
  }

  /** It comes first: the evidence of a plan is written with what both show. */
  async #twinOf(schedule: Schedule): Promise<readonly Outcome[] | null> {
    const kind = await rigs[this.#rig]();
    return beyondIn(kind, schedule, this.#options.config).size > 0 ? null : this.#twins.of(schedule);
  }
}

interface EvidenceFlags {
  config: string;
  database?: string;
  attempt: number;
}

/** What writes the evidence of runs in containers: code in this process proves nothing of a build. */
export async function keeping(
  rig: RigName,
  { config: configFile, database, attempt }: EvidenceFlags,
  key: KeyObject | null,
): Promise<Keep> {
  if (rig !== "containers") return async () => {};
  const attest = await attesting({ configFile, database, attempt, shard: null, key });
  return async ({ run, folder, images }, beside) => {
    const { verdict } = judgeReplay(null, rig, run, beside);
    const cells = [{ path: `schedule ${scheduleDigest(run.schedule)}`, verdict }];
    await attest({ events: run.events, images, result: { folder, verdict, cells, of: null } });
  };
}

/** The key that evidence is to be signed with; null for none. */
export async function evidenceKey({ rig, sign }: { rig: RigName; sign?: string }): Promise<KeyObject | null> {
  if (sign === undefined) return null;
  if (rig !== "containers")
    throw new UsageError(`--sign: what runs on the ${rig} rig leaves no evidence; --rig containers does`);
  return privateKey(await readInput(sign), sign);
}
