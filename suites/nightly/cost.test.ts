import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { openPlace } from "../containers/place.ts";

/** What costs more is seen, where no cell shows it: two whole systems, counted side by side. */

interface Told {
  verdict: string;
  uncompared: Record<string, string>;
  compared: readonly {
    of: string;
    unit: string;
    deployed: number;
    candidate: number;
    isRed: boolean;
    grown: readonly { text: string }[];
  }[];
}

const config = ["--config", resolve(import.meta.dirname, "../../interlock.config.ts")];

/** What each regression of the build `costs-more` shows, and nothing of what it leaves as it was. */
const shown: Readonly<Record<string, readonly string[]>> = {
  "a claim reads the newest thousand jobs first": ["worker.claim: rows examined", "worker.claim: bytes read"],
  "a list asks for each of its jobs again": ["job.list: statements", "job.list: bytes read"],
  "a heartbeat writes its job twice": ["worker.heartbeat: bytes written"],
  "an issue writes one row for all": [
    "job.issue: statements",
    "job.issue: bytes written",
    "job.issue: lock waits",
  ],
  "a chunk writes the count of its table": [
    "a chunk of streaming import: statements",
    "a chunk of streaming import: bytes written",
    "table.import_with_id: lock waits",
  ],
  "a list of sessions asks for the parts of each": ["bulk_import.list: statements"],
  "a look opens a connection": ["job.show: connections", "job.show: statements"],
  "a result leaves a file open": ["api: open files"],
  "memory is kept for each report": ["api: MiB of memory"],
  "a late report of an end is answered with 503": [
    "a burst of 5 jobs with 3 to 30 ms at each reply of MySQL: answers of 5xx",
  ],
  "a worker sends more heartbeats": ["worker-v5: calls", "worker-v6: calls"],
  "an idle worker asks twice as often": ["worker-v5: calls a second", "worker-v6: calls a second"],
};

/** What follows from them in sums over all, more or less of it as the machine goes. */
const sums =
  /^(30 jobs|the calls of|many calls at once|an idle system|all operations|MySQL|job\.list: rows examined)/;

describe("the cost of a candidate", () => {
  test("that costs more in twelve ways is red in these, with the statement, and in no other", {
    timeout: 300_000,
  }, async () => {
    await using place = await openPlace();
    const candidate = ["--api", "costs-more", "--worker", "v5=costs-more", "v6=costs-more"];
    const load = ["--finished", "20000", "--jobs", "30"];
    const { exitCode, stdout } = await place.interlock(["cost", ...config, ...candidate, ...load, "--json"])
      .ended;
    const { verdict, uncompared, compared } = JSON.parse(stdout) as Told;
    expect({ exitCode, verdict, uncompared }).toEqual({ exitCode: 1, verdict: "violation", uncompared: {} });
    const red = compared.filter(({ isRed }) => isRed);
    const told = new Set(red.map(({ of, unit }) => `${of.split(",", 1)[0]}: ${unit}`));
    expect([...told].filter((one) => !sums.test(one)).sort()).toEqual(Object.values(shown).flat().sort());
    const waits = red.filter(({ unit }) => unit === "lock waits");
    expect(waits.map(({ deployed }) => deployed)).toContain(0);
    const statements = red.flatMap(({ of, unit, grown }) =>
      of.startsWith("job.issue, call 1") && unit === "statements" ? grown.map(({ text }) => text) : [],
    );
    expect(statements[0]).toContain("INSERT INTO `worker_tokens`");
  });
});

test("an older release of the same cost passes", async () => {
  await using place = await openPlace();
  const load = ["--finished", "1000", "--jobs", "30"];
  const { exitCode, stdout } = await place.interlock(["cost", ...config, "--api", "2026-05", ...load]).ended;
  expect(stdout).toMatch(/^PASS: \d{3,} counts compared, 0 too high; 1000 ended jobs, 20 waiting, 30 run;/m);
  expect(exitCode).toBe(0);
});
