import { terminalAbsorbs } from "./i1-terminal-absorbs.ts";
import { calm, show } from "./testing/calls.ts";
import { judges } from "./testing/laws.ts";

judges(terminalAbsorbs, [
  { name: "nobody looked at all", story: {}, says: null },
  {
    name: "nobody saw an end",
    story: { calls: [show(200, "queued"), show(300, "booting"), show(400, "running")] },
    says: null,
  },
  { name: "nobody looked after the end", story: { calls: calm }, says: [] },
  { name: "every look shows the same end", story: { calls: [...calm, show(2_000, "success")] }, says: [] },
  {
    name: "success becomes killed",
    story: { calls: [...calm, show(2_000, "killed")], final: { stored: "killed" } },
    says: [
      "the customer read success at 0.99 s and killed at 1.99 s",
      "the customer read success at 0.99 s, the database holds killed",
    ],
  },
  {
    name: "the job runs again and is not seen to end again",
    story: { calls: [...calm, show(2_000, "running")] },
    says: ["the customer read success at 0.99 s and running at 1.99 s"],
  },
  {
    name: "the end changes more than once",
    story: { calls: [...calm, show(2_000, "killed"), show(3_000, "success")] },
    says: ["the customer read success at 0.99 s and killed at 1.99 s"],
  },
  {
    name: "the database holds another status",
    story: { calls: calm, final: { stored: "running" } },
    says: ["the customer read success at 0.99 s, the database holds running"],
  },
  {
    name: "the database does not know the job",
    story: { calls: calm, final: { stored: null } },
    says: ["the customer read success at 0.99 s, the database holds no such job"],
  },
  {
    name: "a look that began before the end may be answered later",
    story: { calls: [...calm, show(2_000, "running", { sent: 900 }), show(3_000, "success")] },
    says: [],
  },
  {
    name: "of two looks at once the later one may have been answered before the job ended",
    story: {
      calls: [
        ...calm.slice(0, -1),
        show(1_000, "success", { sent: 700 }),
        show(990, "running", { sent: 800 }),
      ],
    },
    says: [],
  },
]);
