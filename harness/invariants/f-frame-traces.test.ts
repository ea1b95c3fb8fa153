import type { Scenario } from "../schedule/scenario.ts";
import type { Acts, Trace } from "../world/traces.ts";
import { nothingElseChanged } from "./f-frame.ts";
import { trouble } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";
import { append, createTable, insertInto, load, partialDelete, select, source } from "./testing/scenarios.ts";

/** What came and went while all is as promised in the end. */

const trace = (what: Trace["what"], acts: Acts, by = "worker-v5"): Trace => ({
  place: "the place",
  what,
  job: what === "table" || what === "destination" ? 1 : null,
  by: [by],
  acts,
});
const story = (scenario: Scenario, ...traces: Trace[]) => ({ scenario, traces });

const [first] = source.rows;
const known: Scenario = { ...append, output: { kind: "mysql", mode: "append", before: [[7, "old"]] } };
const inMode = (mode: "replace" | "truncate", before = [[7, "old"]]): Scenario => ({
  ...append,
  output: { kind: "mysql", mode, before },
});
const update = (before = [[7, "old"] as unknown[]]): Scenario =>
  ({ ...append, output: { kind: "mysql", mode: "update", unique: ["id"], before } }) as Scenario;

const replacing: Scenario = { ...load, statement: { kind: "data-connector-replace" } };

const nobodys = "the place: no job was to do anything there, even for a while";
const kept = "the place: what was there before was to stay there all the time";
const once = "the place: what its job brings was to come once and stay";

judges(nothingElseChanged, [
  { name: "nobody compared the world", story: { ...story(insertInto), changes: null }, says: null },
  { name: "an INSERT adds its rows", story: story(insertInto, trace("table", { added: 2 })), says: [] },
  {
    name: "a deletion takes rows of before",
    story: story(partialDelete, trace("table", { removed: 2, old: 2 })),
    says: [],
  },
  {
    name: "a deletion that puts other rows in",
    story: story(partialDelete, trace("table", { removed: 4, old: 4, added: 2, back: 2 })),
    says: [`${kept}; worker-v5 added 2 rows`],
  },
  {
    name: "a deletion that empties its table",
    story: story(partialDelete, trace("table", { emptied: 1, added: 2 })),
    says: [`${kept}; worker-v5 emptied it, added 2 rows`],
  },
  {
    name: "a table that is filled aside and gets its name",
    story: story(
      createTable,
      trace("table", { made: 1 }),
      trace("working", { made: 1, added: 2, dropped: 1 }),
    ),
    says: [],
  },
  { name: "a delivery adds its rows", story: story(known, trace("destination", { added: 2 })), says: [] },
  {
    name: "a destination that is emptied and filled, as its mode says",
    story: story(inMode("truncate"), trace("destination", { removed: 1, old: 1, added: 2 })),
    says: [],
  },
  {
    name: "a destination that another table replaces",
    story: story(inMode("replace"), trace("destination", { altered: 2, dropped: 1, made: 1 })),
    says: [],
  },
  {
    name: "rows at a destination that are replaced by their key",
    story: story(update(), trace("destination", { changed: 1, old: 1, added: 1 })),
    says: [],
  },
  {
    name: "a row that the result has again is taken out and put in",
    story: story(
      update([first as unknown[]]),
      trace("destination", { removed: 1, old: 1, added: 2, back: 1 }),
    ),
    says: [],
  },
  {
    name: "the API writes its own tables, and makes more of them",
    story: story(select, trace("own", { made: 1, added: 9, changed: 9, removed: 1, old: 1 }, "api")),
    says: [],
  },
  {
    name: "workers keep what they must",
    story: story(select, trace("workers", { added: 2 })),
    says: [],
  },
  {
    name: "own rows that come and go in trouble",
    story: { ...story(known, trace("destination", { added: 4, removed: 2 })), faults: trouble },
    says: [],
  },

  {
    name: "a table of nobody that came and went",
    story: story(select, trace("other", { made: 1, dropped: 1 })),
    says: [`${nobodys}; worker-v5 made it, took it away`],
  },
  {
    name: "rows of nobody's table that came and went",
    story: story(select, trace("other", { added: 3, removed: 3 }, "somebody")),
    says: [`${nobodys}; somebody added 3 rows, removed 3 rows`],
  },
  {
    name: "a row of another tenant that was touched and put back",
    story: story(insertInto, trace("other", { changed: 2, old: 1, back: 1 })),
    says: [`${nobodys}; worker-v5 changed 2 rows`],
  },
  {
    name: "a user that came and went",
    story: story(select, trace("other", { said: 1 })),
    says: [`${nobodys}; worker-v5 said so`],
  },
  {
    name: "the target of an INSERT, emptied before it is filled",
    story: story(insertInto, trace("table", { emptied: 1, added: 2 })),
    says: [`${kept}; worker-v5 emptied it`],
  },
  {
    name: "rows of an INSERT that came twice and went once",
    story: story(insertInto, trace("table", { added: 4, removed: 2 })),
    says: [`${once}; worker-v5 removed 2 rows`],
  },
  {
    name: "a load that takes the place of what was there",
    story: story(replacing, trace("table", { removed: 3, old: 3, added: 4, back: 2 })),
    says: [],
  },
  {
    name: "a load in the place of what was there that came twice and went once",
    story: story(replacing, trace("table", { removed: 5, old: 3, added: 6, back: 2 })),
    says: [`${once}; worker-v5 removed 5 rows`],
  },
  {
    name: "a load beside what was there that takes it away",
    story: story(load, trace("table", { removed: 3, old: 3, added: 4, back: 2 })),
    says: [`${kept}; worker-v5 took away or changed 3 rows of before, put 2 rows of these back`],
  },
  {
    name: "a table that is made twice",
    story: story(createTable, trace("table", { made: 2, dropped: 1 })),
    says: [`${once}; worker-v5 took it away`],
  },
  {
    name: "a destination that is emptied and filled again, where rows are only to be added",
    story: story(known, trace("destination", { removed: 1, old: 1, added: 3, back: 1 }, "somebody")),
    says: [`${kept}; somebody took away or changed 1 row of before, put 1 row of these back`],
  },
  {
    name: "the same in trouble",
    story: { ...story(known, trace("destination", { emptied: 1, added: 3 }, "somebody")), faults: trouble },
    says: [`${kept}; somebody emptied it`],
  },
  {
    name: "a row of another key that was away for a while",
    story: story(update(), trace("destination", { changed: 3, old: 2, back: 1, added: 1 })),
    says: [`${kept}; worker-v5 put 1 row of these back`],
  },
  {
    name: "another table in the place of one that was to be emptied",
    story: story(inMode("truncate"), trace("destination", { dropped: 1, made: 1, added: 2 })),
    says: [`${kept}; worker-v5 took it away`],
  },
  {
    name: "a query whose place is written to for a while",
    story: story(select, trace("table", { made: 1, dropped: 1 })),
    says: ["the place: its job was to do nothing there, even for a while; worker-v5 made it, took it away"],
  },
  {
    name: "rows of a job that was to fail",
    story: {
      ...story({ ...insertInto, ending: "error" }, trace("table", { added: 2, removed: 2 })),
      final: { stored: "error" },
    },
    says: ["the place: its job was to bring nothing there, even for a while; worker-v5 added 2 rows"],
  },
  {
    name: "a worker in a table of the API's",
    story: story(select, trace("own", { changed: 1, old: 1 })),
    says: ["the place: only the API may write there; worker-v5 changed 1 row"],
  },
  {
    name: "a worker that empties what workers keep",
    story: story(select, trace("workers", { emptied: 1, added: 1 })),
    says: ["the place: rows of before and the table itself were to stay as they were; worker-v5 emptied it"],
  },
]);
