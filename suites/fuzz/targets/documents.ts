import fc from "fast-check";
import { z } from "zod";
import { UsageError } from "../../../harness/errors.ts";
import { counterexampleSchema, parseRunnable } from "../../../harness/replay/counterexample.ts";
import { type Schedule, scheduleSchema } from "../../../harness/schedule/schedule.ts";
import { workloadOf } from "../../trust/failing-schedules.ts";
import { valuesOf } from "../from-schema.ts";
import { textsOf } from "../mutations.ts";
import { expectReadable, type Target } from "../target.ts";

/** Schedules and counterexamples, as a file holds them. */

const generated = (schema: z.ZodType) =>
  valuesOf(z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }));

const schedule: Schedule = {
  ...workloadOf("current"),
  faults: [
    {
      at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 1, phase: "before" },
      fault: { kind: "kill", process: "api", ms: 200 },
    },
    {
      at: { link: "api->database", operation: "finishJob", job: null, occurrence: 2, phase: "after" },
      fault: { kind: "lost" },
    },
  ],
};

const counterexample = {
  format: 1,
  kind: "counterexample",
  releases: schedule.releases,
  seed: schedule.seed,
  schedule,
  expected: { invariant: "I5", job: 1, witnesses: ["the job ended twice"] },
  historyHash: "0".repeat(64),
  found: { faultsBefore: 3, schedules: 10, millis: 5, globallyMinimal: true },
};

/** It is read, or refused as a usage error. */
function take(text: string): void {
  try {
    parseRunnable(text, "a.json");
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    if (!error.message.startsWith("a.json: ") && !error.message.startsWith("a.json:\n"))
      throw new Error(`a message without its file: ${error.message}`);
    expectReadable(error.message);
  }
}

export const schedules: Target<string> = {
  inputs: textsOf(fc.oneof({ weight: 3, arbitrary: fc.constant(schedule) }, generated(scheduleSchema))),
  take,
  runs: 5_300,
};

export const counterexamples: Target<string> = {
  inputs: textsOf(
    fc.oneof({ weight: 3, arbitrary: fc.constant(counterexample) }, generated(counterexampleSchema)),
  ),
  take,
  runs: 2_700,
};
