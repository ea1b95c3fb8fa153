import { outputAgrees } from "./i4-output-agrees.ts";
import { judges } from "./testing/laws.ts";
import { source, web } from "./testing/scenarios.ts";

/** What two jobs deliver to one place. */

const twice: typeof web = { ...web, twice: true };
const { rows } = source;
const received = (those: typeof rows, deliveries: number) => ({ destination: { rows: those, deliveries } });

judges(outputAgrees, [
  {
    name: "what was to be delivered before it failed, and it was not ordered",
    story: { scenario: twice, calls: [], final: { job: null, stored: null, ...received([], 0) } },
    says: null,
  },
  {
    name: "success and the rows of both, twice",
    story: { scenario: twice, final: received([...rows, ...rows], 2) },
    says: [],
  },
  {
    name: "success and the rows of one alone where both were delivered",
    story: { scenario: twice, final: received(rows, 1) },
    says: [
      "the job ended as success; its destination holds 2 rows where 4 belong: 2 lost",
      'lost: [1,"a"]',
      "the job ended as success; its destination received 1 deliveries, 2 expected",
    ],
  },
]);
