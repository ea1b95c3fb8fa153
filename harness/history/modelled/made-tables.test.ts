import { expect, test } from "vitest";
import type { ExchangeEvent, HistoryEvent } from "../event.ts";
import { madeTables } from "./made-tables.ts";

const asked = (more: Partial<ExchangeEvent>) =>
  ({
    kind: "exchange",
    operation: "table.create",
    customer: "hdp2",
    request: { database: "own", table: "made" },
    status: 200,
    ...more,
  }) as HistoryEvent;
const made = [{ customer: "hdp2", database: "own", table: "made" }];

test.each<[string, Partial<ExchangeEvent>, unknown]>([
  ["that was made", {}, made],
  ["of which nobody heard", { status: null }, made],
  ["that may have been made before the API failed", { status: 500 }, made],
  ["that was refused", { status: 409 }, []],
  ["that somebody asked for who is no customer", { customer: undefined }, []],
  ["without a name", { request: { database: "own" } }, []],
  ["that was shown", { operation: "table.show" }, []],
])("a table %s", (_, more, tables) => {
  expect(madeTables([asked(more)])).toEqual(tables);
});
