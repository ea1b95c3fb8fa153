/** Who did something: a connection, and in the how-manieth life of the server from the first look on, counted from 0. */
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
