import { shownInTime } from "./i13-shown-in-time.ts";
import { issue, showTable } from "./testing/calls.ts";
import { refusal, type Story, trouble } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";
import { insertInto, source } from "./testing/scenarios.ts";

const scenario = {
  ...insertInto,
  name: "streaming-import",
  statement: { kind: "streaming-import" },
} as const;
const { columns, rows } = source;
const all = rows.length;

/** The customer looks before it orders the job; the trouble is over at 10.5 s. */
const looking = (...calls: NonNullable<Story["calls"]>): Story => ({
  scenario,
  faults: trouble,
  calls: [showTable(400, 0, []), ...calls, issue(99_000)],
});
const last = columns.slice(0, 1);

judges(shownInTime, [
  {
    name: "all of it, a minute after the trouble",
    story: looking(showTable(70_520, all, columns)),
    says: [],
  },
  { name: "all of it, at once", story: looking(showTable(500, all, columns)), says: [] },
  { name: "nobody looks so late", story: looking(showTable(70_400, 0, [])), says: null },
  {
    name: "a record is not counted",
    story: looking(showTable(70_520, all - 1, columns)),
    says: ["its table was shown with 1 of 2 records at 70.52 s"],
  },
  {
    name: "a column is not shown, and the next look is no better",
    story: looking(showTable(70_520, all, last), showTable(80_000, all, last)),
    says: ["its table was shown with no column name at 70.52 s"],
  },
  {
    name: "without trouble, a minute after the first look",
    story: { scenario, calls: [showTable(400, 0, []), showTable(60_420, 0, []), issue(99_000)] },
    says: ["its table was shown with 0 of 2 records at 60.42 s"],
  },
  {
    name: "a chunk was not acknowledged, and no job is ordered",
    story: {
      scenario,
      calls: [showTable(400, 0, []), showTable(70_520, 0, []), issue(99_000, refusal())],
      final: { job: null, stored: null },
    },
    says: null,
  },
  {
    name: "another look of Interlock's own",
    story: looking(showTable(70_520, 0, [], { probe: "hdp2" })),
    says: null,
  },
  {
    name: "nothing is streamed",
    story: { ...looking(showTable(70_520, 0, [])), scenario: insertInto },
    says: null,
  },
]);
