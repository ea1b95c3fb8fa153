import { rowsChecksum } from "../../contracts/checksum.ts";
import type { JobRecord } from "../history/event.ts";
import { nothingElseChanged } from "./f-frame.ts";
import { finish, grant, issue, lost, receipt, show } from "./testing/calls.ts";
import { keptStory, type Story } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";
import {
  destinationRefuses,
  insertInto,
  partialDelete,
  queryFails,
  select,
  source,
  tableExport,
  web,
} from "./testing/scenarios.ts";

/** What the API's database says of a job. */

const { columns } = source;

const record: JobRecord = {
  numRecords: 2,
  resultSchema: columns,
  message: null,
  receiptRows: 2,
  receiptChecksum: rowsChecksum(source.rows),
};
const taken = [receipt(600, 1, 2)];
const recorded = (wrong: Partial<JobRecord>, scenario = web, receipts = taken): Story => {
  const kept = keptStory(scenario);
  return {
    ...kept,
    calls: [...(kept.calls ?? []), ...(scenario.output === null ? [] : receipts)],
    final: { record: { ...record, ...wrong }, result: source.rows },
  };
};
const exported = (wrong: Partial<JobRecord>): Story => {
  const receiptChecksum = rowsChecksum(tableExport.source.rows.slice(1, 3));
  const { final, ...story } = recorded({ resultSchema: null, receiptChecksum, ...wrong }, tableExport);
  return { ...story, final: { record: final?.record as JobRecord } };
};
const noReceipt = { receiptRows: null, receiptChecksum: null };

/** A job whose worker reported this as the reason of its error. */
const failed = (message: string, stored: string | null, more: Partial<JobRecord> = {}): Story => ({
  scenario: queryFails,
  calls: [
    issue(100),
    grant(200, 1),
    finish(700, 1, "error", { request: { job_id: "1", attempt: 1, status: "error", message } }),
    show(1_000, "error"),
  ],
  final: {
    record: { ...record, ...noReceipt, numRecords: null, resultSchema: null, message: stored, ...more },
  },
});

/** A query whose destination refused its rows, by its worker's words. */
const refused = (more: Partial<JobRecord>): Story => {
  const kept = keptStory(destinationRefuses);
  return { ...kept, final: { ...kept.final, record: { ...record, ...noReceipt, ...more } } };
};

judges(nothingElseChanged, [
  { name: "a true record of what a destination refused", story: refused({}), says: [] },
  {
    name: "a receipt of what a destination refused",
    story: refused({ receiptRows: 2, receiptChecksum: rowsChecksum(source.rows) }),
    says: ["in the end the API's database had 2 as rows of its receipt, and null is right"],
  },
  {
    name: "no records of a query of which a destination refused the rows",
    story: refused({ numRecords: 0, resultSchema: null }),
    says: [
      "in the end the API's database had 0 as num_records, and 2 is right",
      `in the end the API's database had null as result_schema, and [["id","bigint"],["name","string"]] is right`,
    ],
  },
  { name: "a true record of an export of a table", story: exported({}), says: [] },
  {
    name: "an export of a table with a receipt of all its rows",
    story: exported({ receiptRows: 4, receiptChecksum: rowsChecksum(tableExport.source.rows) }),
    says: [
      "in the end the API's database had 4 as rows of its receipt, and 2 is right",
      `in the end the API's database had "${rowsChecksum(tableExport.source.rows)}" as checksum of its receipt, and "${rowsChecksum(tableExport.source.rows.slice(1, 3))}" is right`,
    ],
  },
  {
    name: "an export of a table that has a result of its own",
    story: exported({ resultSchema: columns }),
    says: [
      `in the end the API's database had ${JSON.stringify(columns)} as result_schema, and null is right`,
    ],
  },
  { name: "no record, and nobody compared the world", story: { changes: null }, says: null },
  { name: "a true record", story: recorded({}), says: [] },
  {
    name: "a record that was true from the acknowledgement on",
    story: { ...recorded({}), held: [{ at: 700, phase: "after", record }] },
    says: [],
  },
  {
    name: "a record that was not there yet when the end was acknowledged",
    story: { ...recorded({}), held: [{ at: 700, phase: "after", record: { ...record, numRecords: null } }] },
    says: ["when its end was acknowledged the API's database had null as num_records, and 2 is right"],
  },
  {
    name: "a true record, and nobody compared the world",
    story: { ...recorded({}), changes: null },
    says: [],
  },
  { name: "a true record without a receipt", story: recorded(noReceipt, select), says: [] },
  {
    name: "a true record of an INSERT",
    story: recorded({ ...noReceipt, resultSchema: null }, insertInto),
    says: [],
  },
  {
    name: "no records where there were some",
    story: recorded({ numRecords: 0 }),
    says: ["in the end the API's database had 0 as num_records, and 2 is right"],
  },
  {
    name: "as many records of a deletion as it has deleted",
    story: recorded({ ...noReceipt, resultSchema: null, numRecords: 2 }, partialDelete),
    says: [],
  },
  {
    name: "no records of a deletion that was made twice: the second time there were none",
    story: recorded({ ...noReceipt, resultSchema: null, numRecords: 0 }, partialDelete),
    says: ["in the end the API's database had 0 as num_records, and 2 is right"],
  },
  {
    name: "no records of an INSERT",
    story: recorded({ ...noReceipt, numRecords: null }, insertInto),
    says: ["in the end the API's database had null as num_records, and 2 is right"],
  },
  {
    name: "no schema of the result",
    story: recorded({ resultSchema: null }),
    says: [
      `in the end the API's database had null as result_schema, and [["id","bigint"],["name","string"]] is right`,
    ],
  },
  {
    name: "a receipt of fewer rows",
    story: recorded({ receiptRows: 1 }),
    says: ["in the end the API's database had 1 as rows of its receipt, and 2 is right"],
  },
  {
    name: "a receipt of the rows in another order",
    story: recorded({ receiptChecksum: rowsChecksum(source.rows.toReversed()) }),
    says: [
      `in the end the API's database had "${rowsChecksum(source.rows.toReversed())}" as checksum of its receipt, and "${rowsChecksum(source.rows)}" is right`,
    ],
  },
  {
    name: "a receipt of a job that delivers nothing",
    story: recorded({ receiptRows: 0, receiptChecksum: null }, select),
    says: ["in the end the API's database had 0 as rows of its receipt, and null is right"],
  },
  {
    name: "a receipt that was taken and is not there",
    story: recorded(noReceipt),
    says: [
      "in the end the API's database had null as rows of its receipt, and 2 is right",
      `in the end the API's database had null as checksum of its receipt, and "${rowsChecksum(source.rows)}" is right`,
    ],
  },
  {
    name: "no receipt of a job that was delivered without one, which is for I4 and C",
    story: recorded(noReceipt, web, []),
    says: [],
  },
  {
    name: "a receipt of what the destination has refused",
    story: failed("refused", "refused", { receiptRows: 2, receiptChecksum: rowsChecksum(source.rows) }),
    says: ["in the end the API's database had 2 as rows of its receipt, and null is right"],
  },
  {
    name: "a receipt of no rows where none belong",
    story: failed("refused", "refused", { receiptRows: 0, receiptChecksum: rowsChecksum([]) }),
    says: [],
  },
  {
    name: "a receipt that nobody sent",
    story: recorded({}, web, []),
    says: [
      "in the end the API's database had 2 as rows of its receipt, and null is right",
      `in the end the API's database had "${rowsChecksum(source.rows)}" as checksum of its receipt, and null is right`,
    ],
  },
  ...[noReceipt, {}].map((wrong) => ({
    name: `${wrong === noReceipt ? "no receipt" : "a receipt"} where nobody knows whether one was taken`,
    story: recorded(wrong, web, [receipt(600, 1, 2, lost)]),
    says: [],
  })),
  { name: "an error message that is kept", story: failed("answered 403", "answered 403"), says: [] },
  {
    name: "an error message that is lost",
    story: failed("answered 403", null),
    says: [`in the end the API's database had null as error message, and "answered 403" is right`],
  },
  {
    name: "an error message about the job's own table",
    story: failed("there is no r1_effect_1", "there is no r1_effect_1"),
    says: [],
  },
  {
    name: "an error message about another job's table",
    story: failed("there is no r1_effect_2", "there is no r1_effect_2"),
    says: ["in the end its message is about job 2 of the workload"],
  },
]);
