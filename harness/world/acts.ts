/** Who did something: a connection, and the server's life (restarts since the first look) in which it was open. */
interface Doer {
  life: number;
  thread: number;
}

/** What a server's log tells, one act after the other. */
export type Act = Doer &
  (
    | { kind: "statement"; database: string; sql: string }
    /** `table` is `database.table`. */
    | { kind: "rows"; table: string; rows: readonly RowChange[] }
  );

/** A row as it was and as it is; null where there was or is none. Equal texts are equal rows. */
export interface RowChange {
  before: string | null;
  after: string | null;
}
