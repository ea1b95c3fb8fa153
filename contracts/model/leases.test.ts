import { describe, expect, test } from "vitest";
import { claim, heartbeat, issue, limits } from "../testing/model-calls.ts";
import type { ModelCall } from "./call.ts";
import { judgeCalls } from "./model.ts";

/** What releases that are live together tell and hold. */

const mixed = { ...limits, isOneBuild: false };
const problems = (calls: readonly ModelCall[], more: object = {}) =>
  judgeCalls(calls, 0, { ...mixed, ...more }).departures.map(({ problem }) => problem);
const claimOf = (at: number, lease_ms: number, release: string, attempt = 1) =>
  claim(at, { lease_ms, attempt }, { release });
const beat = (at: number, lease_ms: number, release: string) =>
  heartbeat(at, { release, reply: { lease_ms, kill_requested: false } });
const early = "the job was handed out although worker-v5-1 held its lease";

describe("leases of several releases", () => {
  test("each tells its own, and always the same", () => {
    const first = [issue(1_000), claimOf(2_000, 30_000, "a"), beat(3_000, 60_000, "b")];
    expect(problems([...first, beat(4_000, 30_000, "a"), beat(5_000, 60_000, "b")])).toEqual([]);
    expect(problems([...first, beat(4_000, 30_000, "b")])).toEqual(["lease_ms: expected 60000, got 30000"]);
  });

  test("whoever does not know who has answered does not judge that", () => {
    const unknown = [issue(1_000), claim(2_000), heartbeat(3_000)].map((call) => ({ ...call }));
    const other = { ...unknown[2], reply: { lease_ms: 60_000, kill_requested: false } } as ModelCall;
    expect(problems([...unknown.slice(0, 2), other])).toEqual([]);
    expect(problems([...unknown.slice(0, 2), other], { isOneBuild: true })).toHaveLength(1);
  });

  test("keep others away for as long as the last one told", () => {
    const longer = [issue(1_000), claimOf(2_000, 30_000, "a"), beat(3_000, 60_000, "b")];
    expect(problems([...longer, claimOf(40_000, 30_000, "a", 2)])).toEqual([early]);
    expect(problems([...longer, claimOf(63_500, 30_000, "a", 2)])).toEqual([]);
    const shorter = [issue(1_000), claimOf(2_000, 60_000, "b"), beat(3_000, 30_000, "a")];
    expect(problems([...shorter, claimOf(33_500, 60_000, "b", 2)])).toEqual([]);
  });

  test("that nobody was told of may be any of them", () => {
    const lost = (release?: string): ModelCall[] => [
      issue(1_000),
      { ...claim(2_000), status: null, reply: undefined, release },
      beat(2_500, 30_000, "a"),
      { ...heartbeat(3_000), status: null, reply: undefined, release },
    ];
    const later = { laterLeases: [60_000, 20_000] };
    expect(problems([...lost(), claimOf(23_500, 30_000, "a", 2)], later)).toEqual([]);
    expect(problems([...lost(), claimOf(23_500, 30_000, "a", 2)])).toEqual([early]);
  });
});
