import { type JobStatus, jobStatuses } from "../../contracts/job.ts";
import { looksFollowEachOther } from "./t-transitions.ts";
import { calm, issue, lost, refused, show, unavailable } from "./testing/calls.ts";
import { type Story, trouble } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";

/** A job of which its customer read this, one look after the other. */
const read = (...told: JobStatus[]): Story => ({
  calls: [issue(100), ...told.map((status, i) => show(1_000 + 100 * i, status))],
});

const wrong: [JobStatus, JobStatus][] = [
  ["running", "queued"],
  ["running", "booting"],
  ["booting", "queued"],
];

/** From each state to every later one. */
const right = jobStatuses.flatMap((from, i) =>
  jobStatuses
    .slice(i)
    .filter((to) => from === to || jobStatuses.indexOf(from) < 3 || jobStatuses.indexOf(to) < 3)
    .map((to): [JobStatus, JobStatus] => [from, to]),
);

judges(looksFollowEachOther, [
  { name: "nobody looked", story: { calls: [issue(100)] }, says: null },
  { name: "a calm job", story: { calls: calm }, says: [] },
  ...right.map(([from, to]) => ({ name: `${from}, then ${to}`, story: read(from, to), says: [] })),
  ...wrong.map(([from, to]) => ({
    name: `${from}, then ${to}`,
    story: read("queued", from, to, "success"),
    says: [`the customer read ${from} at 1.09 s and ${to} at 1.19 s: no job moves from ${from} to ${to}`],
  })),
  {
    name: "another customer's look, which must be refused",
    story: { calls: [...calm, show(2_000, "queued", { ...refused("not_found", 404), customer: "hdp2" })] },
    says: [],
  },
  {
    name: "back and forth",
    story: read("running", "queued", "running", "queued"),
    says: [
      "the customer read running at 0.99 s and queued at 1.09 s: no job moves from running to queued",
      "the customer read running at 1.19 s and queued at 1.29 s: no job moves from running to queued",
    ],
  },
  {
    name: "back, though faults were at work",
    story: { ...read("running", "queued"), faults: trouble },
    says: ["the customer read running at 0.99 s and queued at 1.09 s: no job moves from running to queued"],
  },
  { name: "what follows an end, which is for another", story: read("success", "running"), says: [] },
  {
    name: "looks that were under way together",
    story: {
      calls: [issue(100), show(1_000, "running", { sent: 900 }), show(1_010, "queued", { sent: 910 })],
    },
    says: [],
  },
  {
    name: "a look that was not found",
    story: { calls: [...calm, show(1_500, "success", refused("not_found", 404)), show(1_600, "success")] },
    says: ["no fault was at work, and the customer's look at 1.49 s was answered 404"],
  },
  {
    name: "every second look breaks",
    story: {
      calls: [
        issue(100),
        show(900, "running", refused("internal", 500)),
        show(1_000, "running"),
        show(1_100, "running", refused("internal", 500)),
        show(1_200, "success"),
      ],
    },
    says: [
      "no fault was at work, and the customer's look at 0.89 s was answered 500, and 1 more of its looks failed",
    ],
  },
  {
    name: "a broken look, and a fault was planned",
    story: { calls: [...calm, show(1_500, "success", refused("internal", 500))], faults: trouble },
    says: [],
  },
  {
    name: "a look that nobody answered",
    story: { calls: [...calm, show(1_500, "success", lost)] },
    says: [],
  },
  {
    name: "an answer that the API did not give",
    story: { calls: [...calm, show(1_500, "success", unavailable)] },
    says: [],
  },
]);
