import { outputAgrees } from "./i4-output-agrees.ts";
import { grant } from "./testing/calls.ts";
import { keptStory, trouble } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";
import {
  append,
  badDestination,
  before,
  insertInto,
  refusedAppend,
  replace,
  source,
  web,
} from "./testing/scenarios.ts";

const ordered = { ...web, source: { ...source, reads: `id, name FROM ${source.name} ORDER BY id` } };
const fresh: typeof web = { ...web, source: { ...source, rows: [[1, "{fresh}"]] } };
const made = "00000000-0000-4000-8000-000000000001";

const [one, two] = source.rows as [[number, string], [number, string]];
const whole = source.rows;
const askedToEnd = [{ at: 500, fault: { kind: "kill-job" } as const }];
const received = (rows: typeof whole, deliveries: number | null = 1) => ({
  destination: { rows, deliveries },
});
const nothing = received([], 0);
/** What a table holds. */
const table = (rows: typeof whole) => received(rows, null);

judges(outputAgrees, [
  { name: "a job without a destination", story: { scenario: insertInto }, says: null },
  { name: "a destination that is none", story: { scenario: badDestination }, says: null },
  {
    name: "nobody looked into the destination",
    story: { scenario: web, final: { destination: undefined } },
    says: null,
  },
  { name: "the job goes on", story: { scenario: web, final: { stored: "running", ...nothing } }, says: null },
  { name: "there is no job", story: { scenario: web, final: { stored: null, ...nothing } }, says: null },

  { name: "success and its rows", story: { scenario: web }, says: [] },
  {
    name: "rows that had arrived when success was reported",
    story: { ...keptStory(web), held: [{ at: 695, phase: "before", ...received(whole) }] },
    says: [],
  },
  {
    name: "rows that arrived after success was reported",
    story: { ...keptStory(web), held: [{ at: 695, phase: "before", ...nothing }] },
    says: [
      "worker-v5-1 reported success at 0.69 s; the destination so far holds 0 rows where 2 belong: 2 lost",
      'lost: [1,"a"]',
      "worker-v5-1 reported success at 0.69 s; the destination so far received 0 deliveries, 1 expected",
    ],
  },
  {
    name: "success and its rows in another order",
    story: { scenario: web, final: received(whole.toReversed()) },
    says: [],
  },
  {
    name: "success and its rows in another order than that of the query",
    story: { scenario: ordered, final: received(whole.toReversed()) },
    says: [
      "the job ended as success; its destination received the rows in another order than the query gives them",
    ],
  },
  { name: "success and its rows in the order of the query", story: { scenario: ordered }, says: [] },
  {
    name: "success and its rows in a table, which has no order",
    story: { scenario: { ...append, source: ordered.source }, final: table([...whole, ...before]) },
    says: [],
  },
  {
    name: "success of values that this run of the query made, as they stand in the result",
    story: { scenario: fresh, final: { ...received([[1, made]]), result: [[1, made]] } },
    says: [],
  },
  {
    name: "success of other values than those of the result",
    story: { scenario: fresh, final: { ...received([[1, made.replace("1", "2")]]), result: [[1, made]] } },
    says: [
      "the job ended as success; its destination holds 1 rows where 1 belong: 1 lost, 1 unexpected",
      `lost: [1,"${made}"]`,
      `unexpected: [1,"${made.replace("1", "2")}"]`,
    ],
  },
  {
    name: "success of an empty result",
    story: { scenario: { ...web, source: { ...source, rows: [] } }, final: received([]) },
    says: [],
  },
  { name: "success, added to what was there", story: { scenario: append }, says: [] },
  {
    name: "success, added to what was there, in another order",
    story: { scenario: append, final: table([...whole, ...before]) },
    says: [],
  },
  { name: "success in the place of what was there", story: { scenario: replace }, says: [] },
  {
    name: "error and nothing sent",
    story: { scenario: web, final: { stored: "error", ...nothing } },
    says: [],
  },
  {
    name: "error and the table as it was",
    story: { scenario: append, final: { stored: "error", ...table(before) } },
    says: [],
  },
  {
    name: "killed and the table as it was",
    story: { scenario: replace, final: { stored: "killed", ...table(before) } },
    says: [],
  },
  {
    name: "killed and nothing sent",
    story: { scenario: web, faults: askedToEnd, final: { stored: "killed", ...nothing } },
    says: [],
  },
  { name: "refused and the table as it was", story: { scenario: refusedAppend }, says: [] },
  {
    name: "error, and trouble between delivery and report",
    story: { scenario: web, faults: trouble, final: { stored: "error", ...received(whole) } },
    says: [],
  },
  {
    name: "error and added all the same, in trouble",
    story: { scenario: append, faults: trouble, final: { stored: "error", ...table([...before, ...whole]) } },
    says: [],
  },
  {
    name: "error, and trouble behind the delivery of values that the run of the query made",
    story: { scenario: fresh, faults: trouble, final: { stored: "error", ...received([[1, made]]) } },
    says: [],
  },
  {
    name: "killed, after an attempt whose report came too late was taken over",
    story: {
      scenario: web,
      faults: askedToEnd,
      calls: [grant(200, 1), grant(90_000, 2)],
      final: { stored: "killed", ...received(whole) },
    },
    says: [],
  },
  {
    name: "nobody learned of a job that was delivered, in trouble",
    story: { scenario: web, faults: trouble, final: { job: null, stored: null } },
    says: [],
  },

  {
    name: "success and nothing delivered",
    story: { scenario: web, final: nothing },
    says: [
      "the job ended as success; its destination holds 0 rows where 2 belong: 2 lost",
      'lost: [1,"a"]',
      "the job ended as success; its destination received 0 deliveries, 1 expected",
    ],
  },
  {
    name: "success and nothing added",
    story: { scenario: append, final: table(before) },
    says: ["the job ended as success; its destination holds 1 rows where 3 belong: 2 lost", 'lost: [1,"a"]'],
  },
  {
    name: "success and one row is missing",
    story: { scenario: append, final: table([...before, one]) },
    says: ["the job ended as success; its destination holds 2 rows where 3 belong: 1 lost", 'lost: [2,"b"]'],
  },
  {
    name: "success and added twice",
    story: { scenario: append, final: table([...before, ...whole, ...whole]) },
    says: [
      "the job ended as success; its destination holds 5 rows where 3 belong: 2 duplicated",
      'duplicated: [1,"a"]',
    ],
  },
  {
    name: "success and old rows are gone",
    story: { scenario: append, final: table(whole) },
    says: [
      "the job ended as success; its destination holds 2 rows where 3 belong: 1 lost",
      'lost: [7,"old"]',
    ],
  },
  {
    name: "success and old rows are still there",
    story: { scenario: replace, final: table([...before, ...whole]) },
    says: [
      "the job ended as success; its destination holds 3 rows where 2 belong: 1 unexpected",
      'unexpected: [7,"old"]',
    ],
  },
  {
    name: "success and a value was altered",
    story: { scenario: replace, final: table([[1, "A"], two]) },
    says: [
      "the job ended as success; its destination holds 2 rows where 2 belong: 1 lost, 1 unexpected",
      'lost: [1,"a"]',
      'unexpected: [1,"A"]',
    ],
  },
  {
    name: "success and delivered twice under two keys, in spite of trouble",
    story: { scenario: web, faults: trouble, final: received([...whole, ...whole], 2) },
    says: [
      "the job ended as success; its destination holds 4 rows where 2 belong: 2 duplicated",
      'duplicated: [1,"a"]',
      "the job ended as success; its destination received 2 deliveries, 1 expected",
    ],
  },
  {
    name: "success of an empty result that was never sent",
    story: { scenario: { ...web, source: { ...source, rows: [] } }, final: nothing },
    says: ["the job ended as success; its destination received 0 deliveries, 1 expected"],
  },
  {
    name: "success and the right rows in two deliveries",
    story: { scenario: web, final: received(whole, 2) },
    says: ["the job ended as success; its destination received 2 deliveries, 1 expected"],
  },
  {
    name: "success and rows of another result",
    story: { scenario: web, final: received([...whole, [3, "c"]]) },
    says: [
      "the job ended as success; its destination holds 3 rows where 2 belong: 1 unexpected",
      'unexpected: [3,"c"]',
    ],
  },
  {
    name: "error and delivered without any trouble",
    story: { scenario: web, final: { stored: "error", ...received(whole) } },
    says: [
      "the job ended as error; its destination holds 2 rows where 0 belong: 2 unexpected",
      'unexpected: [1,"a"]',
      "the job ended as error; its destination received 1 deliveries, 0 expected",
    ],
  },
  {
    name: "error and a delivery without rows",
    story: { scenario: web, final: { stored: "error", ...received([]) } },
    says: ["the job ended as error; its destination received 1 deliveries, 0 expected"],
  },
  {
    name: "error and added all the same",
    story: { scenario: append, final: { stored: "error", ...table([...before, ...whole]) } },
    says: [
      "the job ended as error; its destination holds 3 rows where 1 belong: 2 unexpected",
      'unexpected: [1,"a"]',
    ],
  },
  {
    name: "killed and the table was emptied all the same",
    story: { scenario: replace, final: { stored: "killed", ...table([]) } },
    says: ["the job ended as killed; its destination holds 0 rows where 1 belong: 1 lost", 'lost: [7,"old"]'],
  },
  {
    name: "killed and delivered, where nothing happened but the kill",
    story: {
      scenario: web,
      faults: askedToEnd,
      calls: [grant(200, 1)],
      final: { stored: "killed", ...received(whole) },
    },
    says: [
      "the job ended as killed; its destination holds 2 rows where 0 belong: 2 unexpected",
      'unexpected: [1,"a"]',
      "the job ended as killed; its destination received 1 deliveries, 0 expected",
    ],
  },
  {
    name: "refused and the table is another",
    story: { scenario: refusedAppend, final: table(whole) },
    says: [
      "the job was not accepted; its destination holds 2 rows where 1 belong: 1 lost, 2 unexpected",
      'lost: [7,"old"]',
      'unexpected: [1,"a"]',
    ],
  },
  {
    name: "error and a part delivered, in spite of trouble",
    story: { scenario: web, faults: trouble, final: { stored: "error", ...received([one]) } },
    says: ["the job ended as error; its destination holds 1 rows where 2 belong: 1 lost", 'lost: [2,"b"]'],
  },
  {
    name: "killed and delivered twice, in spite of trouble",
    story: {
      scenario: web,
      faults: trouble,
      final: { stored: "killed", ...received([...whole, ...whole], 2) },
    },
    says: [
      "the job ended as killed; its destination holds 4 rows where 2 belong: 2 duplicated",
      'duplicated: [1,"a"]',
      "the job ended as killed; its destination received 2 deliveries, 1 expected",
    ],
  },
]);
