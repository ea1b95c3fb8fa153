import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { calm } from "../invariants/testing/calls.ts";
import { eventsOf } from "../invariants/testing/history.ts";
import type { HistoryEvent } from "./event.ts";
import { readHistory } from "./read.ts";
import { writeHistory } from "./write.ts";

const visitor = { customer: "cdh4", engine: "presto" } as const;

/** What visitors did, with so many jobs; a `visit` of null is one that did not come to its end. */
const visited = (visit: { jobs: number } | null, final: object): HistoryEvent[] =>
  eventsOf({ calls: calm }).flatMap((event): HistoryEvent[] => {
    if (event.kind === "final") return visit?.jobs === 1 ? [{ ...event, ...final }] : [];
    if (event.kind !== "run") return [event];
    const schedule = { ...event.schedule, workload: { jobs: [], workers: 1 } };
    return [{ ...event, schedule, ...(visit === null ? {} : { visit }) }];
  });

async function written(events: readonly HistoryEvent[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "interlock-visit-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "history.jsonl");
  await writeHistory(file, events);
  return file;
}

test.each([0, 1])("a visit with %d jobs is read as it was written", async (jobs) => {
  const events = visited({ jobs }, { visitor });
  expect(await readHistory(await written(events))).toEqual(events);
});

test("one that did not come to its end is known to be cut", async () => {
  const file = await written(visited(null, {}));
  expect(await readFile(file, "utf8")).not.toContain('"kind":"end"');
  await expect(readHistory(file)).rejects.toThrow(/the last line is|cut/);
});

test("a final look at a job that nobody issued is refused", async () => {
  await expect(readHistory(await written(visited({ jobs: 1 }, {})))).rejects.toThrow(
    "a visitor where none of the workload issued the job",
  );
});
