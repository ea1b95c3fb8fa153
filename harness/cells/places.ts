import type { Address } from "../rigs/containers/system/part.ts";
import type { Scenario } from "../schedule/scenario.ts";
import type { Cell } from "./cell.ts";

/** Where one cell's effects land: names that no other cell of the run uses. */
export interface Places {
  /** Table in the warehouse or at the destination. */
  table: string;
  /** Path at the web destination. */
  path: string;
  /** The destination as the customer writes it; null without output. */
  url: string | null;
}

export interface MysqlDestination {
  database: string;
  writer: { user: string; password: string };
}

export function placesOf(cell: Cell, at: { web: Address; mysql: Address }, mysql: MysqlDestination): Places {
  const { output } = cell.scenario;
  const table = `cell_${cell.index}`;
  const path = `/${output?.kind === "web" && output.refuses ? "refuse" : "sink"}/${table}`;
  return { table, path, url: urlOf() };

  function urlOf(): string | null {
    switch (output?.kind) {
      case undefined:
        return null;
      case "invalid":
        return output.url;
      case "web":
        return `web://${at.web.host}:${at.web.port}${path}`;
      case "mysql": {
        const { user, password } = mysql.writer;
        const unique = output.unique === undefined ? "" : `&unique=${output.unique.join(",")}`;
        const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
        return `mysql://${login}@${at.mysql.host}:${at.mysql.port}/${mysql.database}/${table}?mode=${output.mode}${unique}`;
      }
    }
  }
}

/** The SQL that the customer issues. */
export function statementOf({ statement, source }: Scenario, { table }: { table: string }): string {
  const columns = source.columns.map(([name]) => name).join(", ");
  const select = `SELECT ${columns} FROM ${source.name}`;
  switch (statement.kind) {
    case "select":
      return select;
    case "endless":
      // Every row waits for a second, so the query notices a kill soon and would else take minutes.
      return `SELECT SLEEP(1) AS waited FROM ${source.name} AS a, ${source.name} AS b, ${source.name} AS c, ${source.name} AS d`;
    case "insert-into":
      return `INSERT INTO ${table} ${select}`;
    case "create-table":
      return `CREATE TABLE ${table} AS ${select}`;
  }
}
