import { z } from "zod";
import type { SystemLimits } from "../../contracts/in-process.ts";

const limitsOf = (millis: z.ZodInt) =>
  z.strictObject({
    leaseMs: millis,
    requestMs: millis,
    registerMs: millis,
    retryCapMs: millis,
    statementMs: millis,
    deliveryTryMs: millis,
    deliveryMs: millis,
  } satisfies Record<keyof SystemLimits, z.ZodType>);

/** The constants of a system, as they are in production. */
export const limitsSchema = limitsOf(z.int().positive());

/** As a history tells them: 0 where the config does not. */
export const toldLimitsSchema = limitsOf(z.int().min(0));
