import { commandTo } from "../installation.ts";
import type { BrokenInvariant } from "../invariants/judge.ts";
import { counterexampleOf, defaultFile, writeCounterexample } from "../replay/counterexample.ts";
import type { Run } from "../rigs/run.ts";

/** Findings as they were made, each in a file: whatever becomes of the rig and of the report, they can be replayed. */
export class KeptFindings {
  /** By invariant: what says where its first one is kept. */
  readonly #told = new Map<string, string>();
  readonly #note: (line: string) => void;

  constructor(note: (line: string) => void) {
    this.#note = note;
  }

  /** Keeps the first run that breaks each invariant. */
  async keep(run: Run, broken: readonly BrokenInvariant[]): Promise<void> {
    for (const one of broken) {
      if (this.#told.has(one.invariant)) continue;
      const faultsBefore = run.schedule.faults.length;
      const found = { faultsBefore, schedules: 0, millis: 0, globallyMinimal: faultsBefore === 0 };
      const counterexample = counterexampleOf(run, one, found);
      const file = defaultFile(counterexample);
      await writeCounterexample(counterexample, file);
      const line = `${one.invariant} as it was found: ${commandTo("replay", file)}`;
      this.#told.set(one.invariant, line);
      this.#note(line);
    }
  }

  /** Where they are kept, but for that of an invariant of which there is something better. */
  linesBut(invariant: string | undefined): string[] {
    return [...this.#told].filter(([id]) => id !== invariant).map(([, line]) => line);
  }
}
