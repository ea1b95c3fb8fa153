import { z } from "zod";
import type { SystemLimits } from "../../contracts/in-process.ts";

const millis = z.int().positive();

/** The constants of a system, as they are in production. */
export const limitsSchema = z.strictObject({
  leaseMs: millis,
  requestMs: millis,
  registerMs: millis,
  retryCapMs: millis,
  statementMs: millis,
  deliveryTryMs: millis,
  deliveryMs: millis,
} satisfies Record<keyof SystemLimits, z.ZodType>);
