import type { Credential } from "../../contracts/authority.ts";
import type { Reply } from "../../contracts/in-process.ts";
import type { Cluster } from "../../contracts/job.ts";
import type { OperationId } from "../../contracts/operations.ts";
import type { Millis } from "../../contracts/values.ts";

export type Input = Record<string, unknown>;
export type Headers = Readonly<Record<string, string>>;
/** What is asked. */
export type Call = [OperationId, Input];

/** How the probe reaches the API; whoever provides it records every call. */
export interface ProbePort {
  /** One call; null where no whole answer came. `headers` are sent besides those that every call has. */
  call: (
    by: string,
    credential: Credential,
    operation: OperationId,
    input: Input,
    headers?: Headers,
  ) => Promise<Reply | null>;
  /** Counts the rows under the name of a customer's table, past the API, and records what it finds; absent where nobody can. */
  count?: (customer: Cluster, database: string, table: string) => Promise<void>;
  /** Whether it may move what others have made: where something is broken, that might not come back to its name. */
  movesOthers?: boolean;
  /** In milliseconds of the system's own time. */
  sleep: (ms: Millis) => Promise<void>;
  leaseMs: Millis;
  /** Whether days may pass at no cost: the probe then waits for `daysOfProbe`. */
  hasDays?: boolean;
  /** What this API does not have: it is not asked for it. */
  lacks: readonly OperationId[];
  /** The database of each customer. */
  databases: Readonly<Record<Cluster, string>>;
}
