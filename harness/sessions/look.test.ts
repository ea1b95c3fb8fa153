import { expect, test } from "vitest";
import { Looker } from "./look.ts";

/** A look at a connection of a server whose rows about the connection are these. */
async function lookAt(rows: Record<string, unknown>[]) {
  const looker = await Looker.open({
    query: async (sql) => {
      if (sql.includes("VERSION()")) return [{ version: "8.4.6" }];
      if (sql.startsWith("SHOW GLOBAL")) return [{ Value: "ON" }];
      return sql.includes("setup_consumers") ? [] : rows;
    },
  });
  if (typeof looker === "string") throw new Error(looker);
  return (await looker.look(7)).kind;
}

const thread = (name: string | null, value: string) => ({ kind: "thread", name, value });
const running = { kind: "running", name: "statement/sql/select", value: 3 };

test.each([
  ["that the server does not know has gone", [], "gone"],
  ["on which nobody has logged in yet is a guest's", [thread(null, "Connect")], "guest"],
  ["whose login was answered a moment ago is busy, and no guest's", [thread("app", "Connect")], "busy"],
  ["that executes something is busy", [thread("app", "Query")], "busy"],
  ["whose statement is still to be counted is busy", [thread("app", "Sleep"), running], "busy"],
  ["at rest is seen", [thread("app", "Sleep")], "seen"],
])("a connection %s", async (_, rows, kind) => {
  expect(await lookAt(rows)).toBe(kind);
});
