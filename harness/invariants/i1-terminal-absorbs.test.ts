import { terminalAbsorbs } from "./i1-terminal-absorbs.ts";
import { calm, show } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";

judges(terminalAbsorbs, [
  { name: "nobody looked after the end", story: { calls: calm }, says: null },
  { name: "nobody looked at all", story: {}, says: null },
  { name: "every look shows the same end", story: { calls: [...calm, show(2_000, "success")] }, says: [] },
  {
    name: "success becomes killed",
    story: { calls: [...calm, show(2_000, "killed")] },
    says: ["the customer read success at 0.99 s and killed at 1.99 s"],
  },
  {
    name: "the job runs again and is not seen to end again",
    story: { calls: [...calm, show(2_000, "running")] },
    says: ["the customer read success at 0.99 s and running at 1.99 s"],
  },
  {
    name: "a look that began before the end may be answered later",
    story: { calls: [...calm, show(2_000, "running", { sent: 900 }), show(3_000, "success")] },
    says: [],
  },
]);
