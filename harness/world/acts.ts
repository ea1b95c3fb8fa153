/** What a server's log tells, one act after the other. `thread` is the connection that did it. */
export type Act =
  | { kind: "statement"; thread: number; database: string; sql: string }
  /** `table` is `database.table`. */
  | { kind: "rows"; thread: number; table: string; rows: readonly RowChange[] };

/** A row as it was and as it is; null where there was or is none. Equal texts are equal rows. */
export interface RowChange {
  before: string | null;
  after: string | null;
}
