/** What is known of a table. */
export interface Table {
  /** Its schema and its name; either may hold a dot. */
  place: readonly [schema: string, table: string];
  /** Rows as declared; null where nobody declared them. */
  declared: number | null;
  /** Rows that the optimizer takes it to have. */
  believed: number;
  /** Rows that it has. */
  held: number;
  partitions: number;
  /** The columns of its indices by name. */
  indices: Readonly<Record<string, readonly string[]>>;
}
