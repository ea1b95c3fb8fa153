import type { Act, RowChange } from "./acts.ts";
import { readStatement } from "./table-statements.ts";

/** What was done to something on a server between two looks, also where the second finds it as the first did. */
export interface Trace {
  /** As in a change; of a statement that is about no table its first words. */
  place: string;
  /**
   * What it is: the table or destination that a job's order names; a table that a worker made for a job; one of the
   * system's own, written by the API alone or by workers as well; or nobody's.
   */
  what: "table" | "destination" | "working" | "own" | "workers" | "other";
  /** The job whose order, or whose id, names it; null where none does. */
  job: number | null;
  /** Who did it: processes of the run, or `unknown`. */
  by: readonly string[];
  acts: Acts;
}

/** How often each was done. */
export type Acts = Partial<Record<ActName, number | undefined>>;

export type ActName =
  | "made"
  /** Also by a rename, unless the same statement gave the name to another table. */
  | "dropped"
  | "emptied"
  | "altered"
  /** Of rows: they came, became otherwise, went. */
  | "added"
  | "changed"
  | "removed"
  /** Of rows that had been there before the first look: they went or became otherwise. */
  | "old"
  /** Of these: inserted again as they had been. */
  | "back"
  /** A statement about what is no table. */
  | "said"
  /** It is the name of a host, which was looked up. */
  | "asked";

/** What became of one table, whatever names it has had. */
interface Table {
  names: Set<string>;
  /** Rows that came since the first look and are there, by how many. */
  own: Counts;
  /** Rows that were there at the first look and are gone. */
  away: Counts;
}

/** The same, of one name. */
export interface Told {
  acts: Acts;
  by: Set<string>;
  /** All names that the tables have had which had this one. */
  names: ReadonlySet<string>;
}

/** Adds up what a log tells, by `database.table`, or by the words of a statement. */
export class Tally {
  readonly #tables = new Map<string, Table>();
  readonly #there: Set<string>;
  readonly #told = new Map<string, Told & { names: Set<string> }>();

  /** @param there the tables of the first look */
  constructor(there: Iterable<string>) {
    this.#there = new Set(there);
  }

  get told(): ReadonlyMap<string, Told> {
    return this.#told;
  }

  take(act: Act, by: string): void {
    if (act.kind === "rows") return this.#rows(act.table, act.rows, by);
    for (const done of readStatement(act.sql, act.database)) {
      if (done.kind === "other") this.#note(done.words, "said", by);
      else if (done.kind === "renamed") this.#rename(done.pairs, by);
      else this.#statement(done.kind, done.table, by);
    }
  }

  #statement(kind: "made" | "dropped" | "emptied" | "altered", name: string, by: string): void {
    const isThere = this.#there.has(name);
    // IF NOT EXISTS and IF EXISTS are told also where they did nothing.
    if (isThere === (kind === "made")) return;
    this.#note(name, kind, by);
    if (kind === "made") this.#there.add(name);
    if (kind === "dropped") this.#there.delete(name);
    if (kind === "dropped" || kind === "made") this.#tables.delete(name);
    // What a TRUNCATE takes away is not told row by row: that it came is enough.
    if (kind === "emptied") this.#table(name).own = new Map();
  }

  #rename(pairs: readonly (readonly [string, string])[], by: string): void {
    const taken = new Set(pairs.map(([, to]) => to));
    for (const [from, to] of pairs) {
      const table = this.#table(from);
      const isThere = this.#there.has(to);
      this.#tables.delete(from);
      this.#tables.set(to, table);
      table.names.add(to);
      this.#there.delete(from);
      this.#there.add(to);
      this.#note(from, taken.has(from) ? "altered" : "dropped", by);
      this.#note(to, isThere || pairs.some(([one]) => one === to) ? "altered" : "made", by);
      for (const name of table.names) for (const one of table.names) this.#of(name).names.add(one);
    }
  }

  #rows(name: string, rows: readonly RowChange[], by: string): void {
    const { own, away } = this.#table(name);
    for (const { before, after } of rows) {
      this.#note(name, before === null ? "added" : after === null ? "removed" : "changed", by);
      if (before !== null && !takeOne(own, before)) {
        this.#note(name, "old", by);
        addOne(away, before);
      }
      if (after === null) continue;
      if (takeOne(away, after)) this.#note(name, "back", by);
      else addOne(own, after);
    }
  }

  #table(name: string): Table {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const table: Table = { names: new Set([name]), own: new Map(), away: new Map() };
    this.#tables.set(name, table);
    return table;
  }

  #note(name: string, act: ActName, by: string): void {
    const told = this.#of(name);
    told.acts[act] = (told.acts[act] ?? 0) + 1;
    told.by.add(by);
  }

  #of(name: string) {
    const told = this.#told.get(name) ?? { acts: {}, by: new Set(), names: new Set([name]) };
    this.#told.set(name, told);
    return told;
  }
}

/** How often each row is there. */
type Counts = Map<string, number>;

function addOne(counts: Counts, row: string): void {
  counts.set(row, (counts.get(row) ?? 0) + 1);
}

/** False where there is none. */
function takeOne(counts: Counts, row: string): boolean {
  const count = counts.get(row) ?? 0;
  if (count <= 1) counts.delete(row);
  else counts.set(row, count - 1);
  return count > 0;
}
