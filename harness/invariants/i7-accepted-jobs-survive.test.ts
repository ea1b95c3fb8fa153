import { acceptedJobsSurvive } from "./i7-accepted-jobs-survive.ts";
import { calm, issue, lost, refused, show } from "./testing/calls.ts";
import { judges } from "./testing/laws.ts";

const known = (id: string) => ({
  ...refused("domain_key_taken"),
  reply: { details: { reason: "domain_key_taken", conflicts_with: id } },
});
const absent = { job: null, stored: null, table: [] };

judges(acceptedJobsSurvive, [
  { name: "nothing was answered", story: { calls: [issue(100, lost)], final: absent }, says: null },
  { name: "it is there", story: { calls: calm }, says: [] },
  {
    name: "known already, under the same id",
    story: { calls: [issue(100), issue(200, known("1"))] },
    says: [],
  },
  {
    name: "accepted and gone",
    story: { calls: [issue(100)], final: { ...absent, job: "1" } },
    says: ["job 1 was accepted and is not in the database"],
  },
  {
    name: "called known and never stored",
    story: { calls: [issue(100, refused("domain_key_taken"))], final: absent },
    says: ["job ? was accepted and is not in the database"],
  },
  {
    name: "the API forgot it for a while",
    story: {
      calls: [issue(100), show(300, "queued", { ...refused("not_found"), status: 404 })],
    },
    says: ["the API answered at 0.30 s that there is no such job"],
  },
  {
    name: "two jobs under one domain key",
    story: { calls: [issue(100), issue(300, { reply: { job_id: "2" }, job: "2" })] },
    says: ["one domain key was accepted as the jobs 1 and 2"],
  },
]);
