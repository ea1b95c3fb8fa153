import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { expect, test } from "vitest";
import { ApiError } from "../../../../contracts/errors.ts";
import { importWaiting } from "../../../../fixtures/api/importer/importer.ts";
import { memoryStore } from "../../../../fixtures/api/store/memory.ts";
import { StorageError } from "../../../../fixtures/api/store/storage-error.ts";
import { acme, serviceOver } from "../../../../fixtures/api/testing/service.ts";
import type { Warehouse } from "../../../../fixtures/api/warehouse/warehouse.ts";
import { standardBuild } from "../../../../fixtures/build.ts";
import { ofApiIn, type Table, tableKey } from "../../../../fixtures/in-process/memory-tables.ts";
import doneBeforeRows from "../../../../fixtures/mutants/api/streams/chunk-done-before-its-rows.ts";

/** The API is cut off from the warehouse alone for nine minutes: chunks are taken, and are in their table afterwards, once. */

type Patch = (build: typeof standardBuild) => typeof standardBuild;
const minute = 60_000;
const into = { database: "shop", table: "orders" };
const chunk = (n: number) => gzipSync(encode({ time: 1_508_807_400 + n, item: n })).toString("base64");

/** How the warehouse is away: it is not reached, or does what it is asked once more and does not say so. */
type Away = "refused" | "silent at first";

/** @returns what was wrong, in words */
async function evening(away: Away, patch: Patch = (build) => build): Promise<string[]> {
  const tables = new Map<string, Table>();
  const kept = ofApiIn(tables);
  let isAway = false;
  let isSilent = away === "silent at first";
  const through = async <R>(does: () => R | Promise<R>): Promise<R> => {
    if (!isAway) return await does();
    if (!isSilent) throw new StorageError("unreachable", "ECONNREFUSED");
    isSilent = false;
    await does();
    throw new StorageError("commit_unknown", "PROTOCOL_CONNECTION_LOST");
  };
  const warehouse: Warehouse = {
    make: (owner, table, isLeftOver) => through(() => kept.make(owner, table, isLeftOver)),
    arrange: (owner, before, after) => through(() => kept.arrange(owner, before, after)),
    append: (owner, table, batch) => through(() => kept.append(owner, table, batch)),
    drop: (owner, gone) => through(() => kept.drop(owner, gone)),
  };
  const build = patch(standardBuild);
  const { call, clock, ports } = await serviceOver(memoryStore(), build.api, warehouse);
  Object.assign(ports, build.apiPorts(ports));
  const wrong: string[] = [];
  const say = (isRight: boolean, what: string) => void (isRight || wrong.push(what));
  await call("table.create", { ...into, type: "log" }, acme);
  const send = (n: number) =>
    call(
      "table.import_with_id",
      { ...into, format: "msgpack.gz", unique_id: n.toString(16), content: chunk(n) },
      acme,
    );

  isAway = true;
  for (let n = 0; n < 9; n += 1) {
    await send(n);
    await send(n);
    await importWaiting(ports);
    clock.at += minute;
  }
  const made = await call("table.create", { database: "shop", table: "made", type: "log" }, acme).then(
    () => "taken",
    (error) => (error instanceof ApiError || error instanceof StorageError ? "refused" : String(error)),
  );
  say(made === "refused", `a table without a place was ${made}`);

  isAway = false;
  await importWaiting(ports);
  const rows = tables.get(tableKey(1, "shop", "orders"))?.rows.length ?? 0;
  say(rows === 9, `9 chunks made ${rows} rows`);
  const { tables: listed } = await call("table.list", { database: "shop" }, acme);
  const shown = listed.find(({ name }) => name === "orders");
  say(shown?.count === 9, `${shown?.count} rows are counted`);
  say(shown?.schema.includes('"item"') === true, "their column is not shown");
  await call("table.create", { database: "shop", table: "made", type: "log" }, acme);
  return wrong;
}

test.each<Away>(["refused", "silent at first"])("%s: nothing is lost, nothing is doubled", async (away) => {
  expect(await evening(away)).toEqual([]);
});

test("an importer that strikes chunks off before their rows are there loses them", async () => {
  expect(await evening("refused", doneBeforeRows.patch)).toContainEqual(
    expect.stringMatching(/^9 chunks made \d rows$/),
  );
});

test("rows that are added again where an answer was lost are seen", async () => {
  const again: Patch = (build) => ({
    ...build,
    apiPorts: (given) => {
      const ports = build.apiPorts(given);
      const { warehouse } = ports;
      let sent = 0;
      const append: Warehouse["append"] = (owner, table, batch) => {
        sent += 1;
        return warehouse.append(owner, table, {
          ...batch,
          key: `${batch.key} ${sent}`,
          chunk: `${batch.chunk} ${sent}`,
        });
      };
      return { ...ports, warehouse: { ...warehouse, append } };
    },
  });
  expect(await evening("silent at first", again)).toContain("9 chunks made 10 rows");
});
