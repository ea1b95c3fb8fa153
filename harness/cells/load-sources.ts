import type { Config } from "../config/config.ts";
import { customerOf, type Rig } from "../rigs/containers/system/rig.ts";
import type { Cell } from "./cell.ts";

/** Puts the rows that the cells read into the warehouse of each customer concerned, every table once. */
export async function loadSources(cells: readonly Cell[], config: Config, rig: Rig): Promise<void> {
  const wanted = new Map(
    cells.map(({ engine, scenario: { source } }) => {
      const { account, database } = customerOf(config, engine);
      const schema = config.mysql.warehouse(account, database);
      return [`${schema}.${source.name}`, { schema, source }] as const;
    }),
  );
  await Promise.all(
    [...wanted.values()].map(({ schema, source }) =>
      rig.loader.createTable(schema, source.name, source.columns, source.rows),
    ),
  );
}
