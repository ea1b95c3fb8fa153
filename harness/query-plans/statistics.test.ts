import { expect, test } from "vitest";
import { pretend } from "./statistics.ts";
import type { Table } from "./table.ts";

const tableAt = (schema: string, name: string): [string, Table] => [
  `${schema}.${name}`,
  { place: [schema, name], declared: 1_000, believed: 0, held: 0, partitions: 1, indices: {} },
];
const tables = new Map([tableAt("shop", "orders"), tableAt("shop.old", "lines")]);

/** A server with 5 rows of statistics for each table, which refuses what it is told to. */
function server() {
  const asked: string[] = [];
  const refused: RegExp[] = [];
  const query = async (sql: string, values: readonly unknown[] = []) => {
    const line = `${sql} ${JSON.stringify(values)}`;
    if (refused.some((one) => one.test(line)))
      throw Object.assign(new Error("refused"), { errno: 1142, sqlMessage: "refused" });
    asked.push(line);
    const [d, t] = values;
    if (sql.includes("innodb_table_stats WHERE")) return [{ d, t, n: 5, c: 1 }];
    return [];
  };
  return { asked, refused, session: { query } as unknown as Parameters<typeof pretend>[0] };
}

const put = (asked: readonly string[], rows: number) =>
  asked.filter((line) => line.startsWith("UPDATE mysql.innodb_table_stats") && line.includes(`[${rows},`));

test("statistics are put back as they were, of a schema with a dot in its name too", async () => {
  const { asked, session } = server();
  const { troubles, restore } = await pretend(session, tables);
  await restore();
  expect(troubles).toEqual([]);
  for (const rows of [1_000, 5])
    expect(put(asked, rows)).toEqual([
      expect.stringContaining(rows === 5 ? '"shop.old","lines"' : '"shop","orders"'),
      expect.stringContaining(rows === 5 ? '"shop","orders"' : '"shop.old","lines"'),
    ]);
});

test("where one cannot be put back the others are, and it is told with what to do", async () => {
  const { asked, refused, session } = server();
  const { restore } = await pretend(session, tables);
  refused.push(/^UPDATE .*\[5,.*"shop\.old"/);
  await expect(restore()).rejects.toThrow(/ANALYZE TABLE `shop`\.`orders`, `shop\.old`\.`lines`/);
  expect(put(asked, 5)).toEqual([expect.stringContaining('"shop","orders"')]);
});

test("an account that may not make statistics known has nothing to take back there", async () => {
  const { refused, session } = server();
  refused.push(/^FLUSH/);
  const { troubles, restore } = await pretend(session, tables);
  expect(troubles).toHaveLength(2);
  await restore();
});
