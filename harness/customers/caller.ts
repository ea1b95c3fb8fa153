import type { Reply } from "../../contracts/in-process.ts";
import type { OperationId } from "../../contracts/operations.ts";
import type { Millis } from "../../contracts/values.ts";

/** What a customer reaches the world by, on any rig. */
export interface Caller {
  /** One operation; null where no whole answer came. `headers` are sent besides those that every call has. */
  call: (
    operation: OperationId,
    input: Record<string, unknown>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Reply | null>;
  /** Whether its program has no way to make this call. */
  lacks?: (operation: OperationId) => boolean;
  /** In milliseconds of the system's own time. */
  sleep: (ms: Millis) => Promise<void>;
}
