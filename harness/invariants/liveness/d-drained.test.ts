import type { Fault } from "../../schedule/schedule.ts";
import type { Story } from "../testing/history.ts";
import { judges } from "../testing/laws.ts";
import { drained } from "./d-drained.ts";

const stop = (graceMs: number, more: object = {}): Fault =>
  ({ kind: "stop", process: "api", graceMs, ms: 300, ...more }) as Fault;
const step = (name: string): Fault => ({
  kind: "version",
  process: "api",
  name,
  release: "next",
  ms: 300,
  graceMs: 60_000,
});

/** Asked to end at 1 s. */
const asked = (fault: Fault, endedAt: number | null, component = "api"): Story => ({
  faults: [{ at: 1_000, fault }],
  components: [
    { at: 1_000, component, what: "stopping", detail: "" },
    ...(endedAt === null ? [] : [{ at: endedAt, component, what: "exited", detail: "for 300 ms" } as const]),
  ],
});
/** The database stands still from 0.5 s to 5.5 s. */
const pause = { at: 500, fault: { kind: "pause", process: "database", ms: 5_000 } as const };
const withPause = (story: Story): Story => ({ ...story, faults: [...(story.faults ?? []), pause] });

judges(drained, [
  { name: "it ends in time", story: asked(stop(10_000), 10_999), says: [] },
  {
    name: "it is killed when its time is over",
    story: asked(stop(10_000), 11_000),
    says: ["api was asked to end at 1.00 s and ended at 11.00 s"],
  },
  { name: "it is given less time", story: asked(stop(9_999), 10_999), says: null },
  {
    name: "a step of a rollout waits for it",
    story: asked(step("api-2"), 42_000, "api-2"),
    says: ["api-2 was asked to end at 1.00 s and ended at 42.00 s"],
  },
  {
    name: "it never ends",
    story: asked(stop(60_000), null),
    says: ["api was asked to end at 1.00 s and had not ended at 100.00 s"],
  },
  { name: "nobody looked any more", story: { ...asked(stop(60_000), null), end: 10_000 }, says: [] },
  { name: "its database stands still meanwhile", story: withPause(asked(stop(60_000), 15_400)), says: [] },
  {
    name: "it takes its time after that",
    story: withPause(asked(stop(60_000), 15_500)),
    says: ["api was asked to end at 1.00 s and ended at 15.50 s"],
  },
  { name: "a step names another one", story: asked(step("api-2"), 42_000), says: null },
  {
    name: "it is a worker",
    story: asked(stop(60_000, { process: "worker" }), 42_000, "worker-v5-1"),
    says: null,
  },
]);
