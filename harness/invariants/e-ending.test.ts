import { endsAsPromised } from "./e-ending.ts";
import { calm, finish, issue, kill, list, lost, lostReply, show } from "./testing/calls.ts";
import { keptStory, refusal, type Story, trouble } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";
import { all, badDestination, endless, queryFails, web } from "./testing/scenarios.ts";

const notTaken = { job: null, stored: null };
const refused = { scenario: badDestination };

/** A job of which its customer read this. */
const read = (...told: Parameters<typeof show>[1][]): Story => ({
  calls: [issue(100), ...told.map((status, i) => show(1_000 + i, status))],
});

judges(endsAsPromised, [
  { name: "a fault was planned", story: { ...read("error"), faults: trouble }, says: null },
  ...all.map((scenario) => ({ name: `as promised: ${scenario.name}`, story: keptStory(scenario), says: [] })),
  { name: "nobody asked for the list", story: { calls: calm }, says: [] },
  {
    name: "killed by its customer's own script",
    story: {
      scenario: endless,
      calls: [
        issue(100),
        show(200, "running"),
        kill(300, "running"),
        finish(700, 1, "killed"),
        show(800, "killed"),
      ],
    },
    says: [],
  },
  {
    name: "error where success is promised",
    story: read("queued", "error"),
    says: ["the job ended as error; its scenario promises success"],
  },
  {
    name: "success where an error is promised",
    story: { ...read("success"), scenario: queryFails },
    says: ["the job ended as success; its scenario promises error"],
  },
  {
    name: "still running where it was to be killed",
    story: { ...read("running"), scenario: endless },
    says: ["the job has not ended: it was last read as running; its scenario promises killed"],
  },
  {
    name: "nobody could read it",
    story: read(),
    says: ["nobody could read how the job ended; its scenario promises success"],
  },

  {
    name: "the list does not show it",
    story: { calls: calm, final: { listed: false } },
    says: ["the customer's list of jobs does not show it"],
  },
  { name: "the list shows it", story: { calls: calm, final: { listed: true } }, says: [] },
  {
    name: "the list showed it before its end, and no longer",
    story: { calls: [issue(100), list(300, ["1"]), ...calm.slice(1)], final: { listed: false } },
    says: ["the customer's list of jobs does not show it"],
  },
  {
    name: "one page of the list did not show it",
    story: { calls: [...calm, list(1_200, ["3", "2"]), list(1_300, ["1"])], final: { listed: true } },
    says: [],
  },
  {
    name: "the list was asked for too early only",
    story: { calls: [issue(100), list(300, []), ...calm.slice(1)] },
    says: [],
  },
  {
    name: "its end and the list are wrong",
    story: { ...read("error"), final: { listed: false } },
    says: [
      "the job ended as error; its scenario promises success",
      "the customer's list of jobs does not show it",
    ],
  },

  {
    name: "a good job is refused",
    story: { scenario: web, calls: [issue(100, refusal(422, "no such host"))], final: notTaken },
    says: ["the API did not accept the job: no such host"],
  },
  {
    name: "nobody answers",
    story: { calls: [issue(100, { ...lost, job: null })], final: notTaken },
    says: ["the API did not accept the job: nobody answered"],
  },
  {
    name: "it is never issued",
    story: { final: notTaken },
    says: ["the API did not accept the job: it was never issued"],
  },

  {
    name: "a bad job is accepted",
    story: { ...refused, calls: [issue(100)], final: { job: "1", stored: "queued" } },
    says: ["the API accepted a job that it must refuse"],
  },
  {
    name: "a bad job is accepted, which its customer never learns",
    story: { ...refused, calls: [issue(100, lostReply), issue(200, refusal())] },
    says: ["the API accepted a job that it must refuse"],
  },
  {
    name: "a bad job breaks the service first",
    story: { ...refused, calls: [issue(100, refusal(503)), issue(200, refusal())] },
    says: [],
  },
  {
    name: "a bad job is answered by an error of the service",
    story: { ...refused, calls: [issue(100, refusal(500, "internal error"))] },
    says: ["the API must refuse the job with status 422, but it answered 500: internal error"],
  },
  {
    name: "a bad job is refused first, and breaks the service then",
    story: { ...refused, calls: [issue(100, refusal()), issue(200, refusal(500, "internal error"))] },
    says: ["the API must refuse the job with status 422, but it answered 500: internal error"],
  },
  {
    name: "a bad job is answered without words",
    story: { ...refused, calls: [issue(100, { ...refusal(500), reply: "<html>" })] },
    says: ["the API must refuse the job with status 422, but it answered 500: status 500"],
  },
  {
    name: "nobody answers a bad job",
    story: { ...refused, calls: [issue(100, { ...lost, job: null })] },
    says: ["the API must refuse the job with status 422, but no refusal is on record: nobody answered"],
  },
  {
    name: "a refusal that is not the service's own",
    story: { ...refused, calls: [issue(100, { ...refusal(), served: null })] },
    says: ["the API must refuse the job with status 422, but no refusal is on record: nobody answered"],
  },
]);
