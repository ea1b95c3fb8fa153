import { field, textField } from "../../../contracts/step.ts";
import type { Party } from "../probe.ts";

/**
 * Tables that the workload's jobs and customers have made and filled: they are swapped and renamed, their rows are counted behind
 * each move, and all have their names again in the end.
 */

/** So many tables of a customer, by name. */
const most = 12;

export async function movesOfFilled(party: Party): Promise<void> {
  if (!party.movesOthers) return;
  const { database } = party;
  const reply = await party.asCustomer("table.list", { database });
  const listed = field(reply?.body, "tables");
  const tables = (Array.isArray(listed) ? listed : [])
    .flatMap((table: unknown) => textField(table, "name") ?? [])
    .filter((name) => /effect_\d+$/.test(name))
    .slice(0, most);
  const renamed = tables.map((name) => `${name}_moved`);
  const count = async (names: readonly string[]) => {
    for (const name of names) await party.count(database, name);
  };
  const swap = async () => {
    for (let i = 0; i + 1 < tables.length; i += 2)
      await party.asCustomer("table.swap", { database, first: tables[i], second: tables[i + 1] });
  };
  const rename = async (from: readonly string[], to: readonly string[]) => {
    for (const [i, table] of from.entries())
      await party.asCustomer("table.rename", { database, table, new_name: to[i] });
  };
  await count(tables);
  await swap();
  await count(tables);
  await rename(tables, renamed);
  await count([...tables, ...renamed]);
  await rename(renamed, tables);
  await swap();
  await count(tables);
}
