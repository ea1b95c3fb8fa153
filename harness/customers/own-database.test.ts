import { expect, test } from "vitest";
import type { Reply } from "../../contracts/in-process.ts";
import type { Caller } from "./caller.ts";
import { readsOwn } from "./own-database.ts";

/** A customer that reads what it has made, before it trusts a service with more. */

const answers: Record<string, Reply> = {
  "database.create": { status: 200, body: {} },
  "table.create": { status: 409, body: {} },
  "job.issue": { status: 200, body: { job_id: "7" } },
  "job.show": { status: 200, body: { status: "success" } },
  "database.delete": { status: 200, body: {} },
  "job.result": { status: 200, body: "time\n" },
};

async function follow(other: Record<string, Reply> = {}, lacks: readonly string[] = []) {
  const calls: [string, unknown][] = [];
  const caller: Caller = {
    sleep: async () => {},
    lacks: (operation) => lacks.includes(operation),
    call: async (operation, input) => {
      calls.push([operation, input]);
      return { ...answers, ...other }[operation] ?? null;
    },
  };
  const order = { database: "own", type: "presto", domain_key: "k" };
  const isWell = await readsOwn(caller, order, new AbortController().signal);
  return { isWell, calls, called: calls.map(([operation]) => operation) };
}

test("makes a database and a table, reads it, takes both away, and has the result still", async () => {
  const { isWell, calls, called } = await follow();
  expect(isWell).toBe(true);
  expect(called).toEqual([
    "database.create",
    "table.create",
    "job.issue",
    "job.show",
    "database.delete",
    "job.result",
  ]);
  const query = "SELECT time FROM made_by_its_customer";
  expect(calls.at(-1)?.[1]).toEqual({ job_id: "7", format: "csv" });
  expect(calls[2]?.[1]).toEqual({ database: "own", type: "presto", domain_key: "k", query });
});

test.each([
  ["its database is refused", { "database.create": { status: 422, body: {} } }, 1],
  ["its table is refused", { "table.create": { status: 404, body: {} } }, 2],
  ["its job fails", { "job.show": { status: 200, body: { status: "error" } } }, 5],
])("is not content where %s", async (_, other, calls) => {
  const { isWell, called } = await follow(other);
  expect(isWell).toBe(false);
  expect(called).toHaveLength(calls);
});

test("asks nothing of a client that can make no database", async () => {
  expect(await follow({}, ["database.create"])).toMatchObject({ isWell: true, called: [] });
});
