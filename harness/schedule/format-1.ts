import { z } from "zod";
import { mostJobs, type Schedule, scheduleFormat, scheduleSchema } from "./schedule.ts";

/** Schedules of format 1, which named a job's statement; each stands for one scenario today. */
const scenarioOf = { select: "web", "insert-into": "insert-into", "create-table": "create-table" } as const;

const { shape } = scheduleSchema;
const { workload } = shape;
const job = z.strictObject({
  statement: z.enum(Object.keys(scenarioOf) as (keyof typeof scenarioOf)[]),
  engine: workload.shape.jobs.element.shape.engine,
});

export const schemaOfFormat1 = z.strictObject({
  ...shape,
  format: z.literal(1),
  workload: z.strictObject({ ...workload.shape, jobs: z.array(job).min(1).max(mostJobs) }),
});

export const isFormat1 = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "format" in value && value.format === 1;

export const fromFormat1 = (old: z.output<typeof schemaOfFormat1>): Schedule => ({
  ...old,
  format: scheduleFormat,
  workload: {
    ...old.workload,
    jobs: old.workload.jobs.map(({ statement, engine }) => ({ scenario: scenarioOf[statement], engine })),
  },
});
