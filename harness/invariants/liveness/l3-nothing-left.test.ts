import { calm } from "../testing/calls.ts";
import { trouble } from "../testing/history.ts";
import { judges } from "../testing/laws.ts";
import { nothingLeft } from "./l3-nothing-left.ts";

const left = { leased: true, unsent: 1, residue: ["staging table 1_1"] };

judges(nothingLeft, [
  { name: "the job has not ended", story: { final: { ...left, stored: "running" } }, says: null },
  { name: "there is no job", story: { final: { ...left, stored: null } }, says: null },
  {
    name: "a fault is still at work when the oracle looks",
    story: { calls: calm, faults: trouble, final: left, end: 5_000 },
    says: null,
  },
  { name: "nothing", story: { calls: calm, faults: trouble }, says: [] },
  {
    name: "all that can be left",
    story: { calls: calm, final: left },
    says: [
      "the ended job still has a lease",
      "1 finish reports are still unsent",
      "left in the warehouse: staging table 1_1",
    ],
  },
  {
    name: "a worker that is gone clears nothing away",
    story: { calls: calm, final: { ...left, leased: false }, gone: ["worker-v5-1"] },
    says: [],
  },
]);
