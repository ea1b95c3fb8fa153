import type { SystemLimits } from "../../contracts/in-process.ts";

/** Limits of a system of which they do not matter. */
export const limits: SystemLimits = {
  leaseMs: 1,
  requestMs: 1,
  registerMs: 1,
  retryCapMs: 1,
  statementMs: 1,
  deliveryTryMs: 1,
  deliveryMs: 1,
};
