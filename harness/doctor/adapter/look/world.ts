import type { WorldFacts } from "../world.ts";
import { placed } from "./mysql.ts";
import { giveColumns, type Query, type Reach, tried, troubleOf } from "./reach.ts";

/** What `mysql.world` declares, as the oracle finds it. */
export async function lookAtWorld(
  { config, oracle }: Pick<Reach, "config" | "oracle">,
  undeclared: readonly string[],
): Promise<WorldFacts> {
  const { own, registered, binlog } = config.mysql.world;
  const names = Object.keys(own);
  const there = await tablesIn(oracle, names);
  const named = Object.entries(own).filter(([name]) => there.has(name));
  const [columns, statements] = await Promise.all([
    Promise.all(
      named.flatMap(([name, by]) =>
        typeof by === "string"
          ? [tried(`${name}: ${by}`, () => oracle(`SELECT ${placed(by)} FROM ${placed(name)} LIMIT 1`))]
          : [],
      ),
    ),
    Promise.all(
      named.flatMap(([name, by]) =>
        by !== null && typeof by === "object"
          ? [tried(name, () => giveColumns(oracle, by.tables, ["account", "database", "name"]))]
          : [],
      ),
    ),
  ]);
  return {
    tables: names.map((what) => ({ what, trouble: there.has(what) ? null : "it is not there" })),
    columns,
    statements,
    undeclared,
    unowned: binlog && "image" in config.mysql ? unownedIn(undeclared, names) : null,
    registered:
      registered === undefined
        ? undefined
        : await troubleOf(() => giveColumns(oracle, registered, ["account", "database", "name", "columns"])),
  };
}

const databaseOf = (table: string): string => table.slice(0, table.indexOf("."));

function unownedIn(undeclared: readonly string[], own: readonly string[]): string[] {
  const owned = new Set(own.map(databaseOf));
  return [...new Set(undeclared.map(databaseOf))].filter((database) => !owned.has(database));
}

async function tablesIn(oracle: Query, names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const found = await oracle(
    "SELECT CONCAT(table_schema, '.', table_name) AS name FROM information_schema.tables WHERE CONCAT(table_schema, '.', table_name) IN (?)",
    [names],
  );
  return new Set(found.map(({ name }) => String(name)));
}
