import { packedRecords } from "../../packed-records.ts";
import { kept } from "../names.ts";
import type { Input, Party } from "../probe.ts";
import { StreamedTable } from "./streamed.ts";

/** What customers set of tables: said, said again and taken back, by everybody, and where the table goes it goes along. */

const chunk = packedRecords([{ time: 1, a: 1, b: "x" }]);

/** As clients write them; what is no setting or has no such value must be refused and must change nothing. */
const settings: readonly Input[] = [
  { expire_days: 30 },
  { expire_days: 30 },
  { expire_days: "60" },
  {},
  { include_v: "false", detect_schema: "true" },
  { include_v: false, detect_schema: true },
  { expire_days: 5, include_v: true },
  { expire_days: 5, include_v: "true" },
  { expire_days: 5, detect_schema: "false" },
  { expire_days: 5, detect_schema: false },
  { expire_days: 5, include_v: 0 },
  { expire_days: 5, schema: "[]" },
  { expire_days: -1 },
  { expire_days: "" },
  { expire_days: "1.5" },
  { expire_days: 1.5 },
  { expire_days: "never" },
  { expire_days: null },
  { expire_days: "0007" },
  { expire_days: "0" },
  { expire_days: 0 },
  { expire_days: 2, include_v: null, detect_schema: null },
];

export async function tableSettings(party: Party): Promise<void> {
  const { database, generation } = party;
  const [one, two] = [kept(generation, 6), kept(generation, 7)];
  if (party.lacks("table.update") || party.lacks("table.delete")) return;
  const set = (table: string, more: Input) => party.asCustomer("table.update", { database, table, ...more });
  const look = () =>
    party.askByCustomer([
      ["table.show", { database, table: one }],
      ["table.show", { database, table: two }],
      ["table.list", { database }],
    ]);
  await set(one, { expire_days: 1 });
  await set(one, {});
  for (const table of [one, two]) await party.asCustomer("table.create", { database, table, type: "log" });
  await party.askByOthers([["table.update", { database, table: one, expire_days: 9 }]]);
  await look();
  for (const more of settings) {
    await set(one, more);
    await look();
  }
  const streamed = new StreamedTable(party, one, database);
  await streamed.send("5e", chunk);
  await streamed.until(1);
  await party.asCustomer("table.update_schema", { database, table: one, schema: '[["a","long"]]' });
  await look();
  await party.asCustomer("table.swap", { database, first: one, second: two });
  await look();
  await set(one, { expire_days: 3 });
  await party.asCustomer("table.rename", { database, table: two, new_name: one, overwrite: "true" });
  await look();
  await set(two, { expire_days: 3 });
  await party.asCustomer("table.delete", { database, table: one });
  await party.asCustomer("table.create", { database, table: one, type: "log" });
  await look();
  await party.asCustomer("table.delete", { database, table: one });
}
