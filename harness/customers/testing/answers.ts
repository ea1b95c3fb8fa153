import type { Reply } from "../../../contracts/in-process.ts";

/** What a service answers a customer. */

export const ok = (body: unknown): Reply => ({ status: 200, body });

export const refusal = (status: number, details: object = {}): Reply => ({
  status,
  body: { error: "no", text: "no", severity: "error", details },
});
