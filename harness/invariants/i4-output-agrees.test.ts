import { outputAgrees } from "./i4-output-agrees.ts";
import { claim, trouble } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";

const statement = "select" as const;
const one = [1, "a"];
const whole = [one, [2, "b"]];
const askedToEnd = [{ at: 500, fault: { kind: "kill-job" } as const }];

judges(outputAgrees, [
  { name: "a job without a destination", story: {}, says: null },
  {
    name: "a history from before there were destinations",
    story: { final: { stored: "error" } },
    says: null,
  },
  { name: "a destination of none", story: { statement, final: { delivered: null } }, says: null },
  { name: "the job goes on", story: { statement, final: { stored: "running", delivered: [] } }, says: null },
  { name: "there is no job", story: { statement, final: { stored: null, delivered: [] } }, says: null },
  { name: "success and its rows", story: { statement }, says: [] },
  {
    name: "success and its rows in another order",
    story: { statement, final: { delivered: whole.toReversed() } },
    says: [],
  },
  {
    name: "success of an empty result",
    story: { statement, final: { expected: [], delivered: [] } },
    says: [],
  },
  {
    name: "error and nothing sent",
    story: { statement, final: { stored: "error", delivered: [] } },
    says: [],
  },
  {
    name: "killed and nothing sent",
    story: { statement, faults: askedToEnd, final: { stored: "killed", delivered: [] } },
    says: [],
  },
  {
    name: "error, and trouble between delivery and report",
    story: { statement, faults: trouble, final: { stored: "error", delivered: whole } },
    says: [],
  },
  {
    name: "killed, after an attempt whose report came too late was taken over",
    story: {
      statement,
      faults: askedToEnd,
      calls: [claim(200, 1), claim(90_000, 2)],
      final: { stored: "killed", delivered: whole },
    },
    says: [],
  },
  {
    name: "2015-08-24: success and nothing delivered",
    story: { statement, final: { delivered: [] } },
    says: ["the job ended as success; its destination holds 0 rows where 2 belong: 2 lost", 'lost: [1,"a"]'],
  },
  {
    name: "2019-09-03: success and delivered twice, in spite of trouble",
    story: { statement, faults: trouble, final: { delivered: [...whole, ...whole] } },
    says: [
      "the job ended as success; its destination holds 4 rows where 2 belong: 2 duplicated",
      'duplicated: [1,"a"]',
    ],
  },
  {
    name: "success and half of the rows",
    story: { statement, final: { delivered: [one] } },
    says: ["the job ended as success; its destination holds 1 rows where 2 belong: 1 lost", 'lost: [2,"b"]'],
  },
  {
    name: "success and rows of another result",
    story: { statement, final: { delivered: [...whole, [3, "c"]] } },
    says: [
      "the job ended as success; its destination holds 3 rows where 2 belong: 1 unexpected",
      'unexpected: [3,"c"]',
    ],
  },
  {
    name: "error and delivered without any trouble",
    story: { statement, final: { stored: "error", delivered: whole } },
    says: ["the job ended as error and 2 rows are at its destination"],
  },
  {
    name: "killed and delivered, where nothing happened but the kill",
    story: {
      statement,
      faults: askedToEnd,
      calls: [claim(200, 1)],
      final: { stored: "killed", delivered: whole },
    },
    says: ["the job ended as killed and 2 rows are at its destination"],
  },
  {
    name: "error and a part delivered, in spite of trouble",
    story: { statement, faults: trouble, final: { stored: "error", delivered: [one] } },
    says: ["the job ended as error; its destination holds 1 rows where 2 belong: 1 lost", 'lost: [2,"b"]'],
  },
  {
    name: "killed and delivered twice, in spite of trouble",
    story: { statement, faults: trouble, final: { stored: "killed", delivered: [...whole, ...whole] } },
    says: [
      "the job ended as killed; its destination holds 4 rows where 2 belong: 2 duplicated",
      'duplicated: [1,"a"]',
    ],
  },
]);
