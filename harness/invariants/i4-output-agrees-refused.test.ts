import { outputAgrees } from "./i4-output-agrees.ts";
import { finish, saysRefused } from "./testing/calls.ts";
import { keptStory, trouble } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";
import { destinationRefuses, source, web } from "./testing/scenarios.ts";

/** What a success says of a destination that refuses its rows. */

const whole = source.rows;
const received = (rows: typeof whole, deliveries = 1) => ({ destination: { rows, deliveries } });
const nothing = received([], 0);

judges(outputAgrees, [
  {
    name: "nobody looked into the destination",
    story: { scenario: destinationRefuses, final: { destination: undefined } },
    says: null,
  },
  {
    name: "success that says that its destination refused the rows, as it does",
    story: { ...keptStory(destinationRefuses), final: nothing },
    says: [],
  },
  {
    name: "success of rows that its destination refused, and nothing said of that",
    story: { scenario: destinationRefuses, calls: [finish(700, 1, "success")], final: nothing },
    says: ["its destination refuses the rows, and its success does not say so"],
  },
  {
    name: "success that says that its destination refused the rows, and it holds them",
    story: { ...keptStory(destinationRefuses), final: received(whole) },
    says: [
      "the job ended as success; its destination holds 2 rows where 0 belong: 2 unexpected",
      'unexpected: [1,"a"]',
      "the job ended as success; its destination received 1 deliveries, 0 expected",
    ],
  },
  {
    name: "success that says so of a destination that takes what it is sent",
    story: { scenario: web, calls: [finish(700, 1, "success", saysRefused)], final: nothing },
    says: [
      "its success says that its destination refused the rows, which takes them",
      "the job ended as success; its destination holds 0 rows where 2 belong: 2 lost",
      'lost: [1,"a"]',
      "the job ended as success; its destination received 0 deliveries, 1 expected",
    ],
  },
  {
    name: "success that says so of one that another attempt was at, in trouble",
    story: {
      scenario: web,
      calls: [finish(700, 1, "success", saysRefused)],
      faults: trouble,
      final: received(whole),
    },
    says: [],
  },
]);
