import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { field } from "../../contracts/step.ts";
import { parseBody } from "../../harness/rigs/containers/system/exchange-of.ts";
import { jobOf, judged, type ToldMatrix, toldMatrix, withExchanges } from "./told-matrix.ts";

/** Answers of an API that nobody can read as they were meant: each is its own violation, told with the job that it is about. */

let whole: ToldMatrix;
beforeAll(async () => {
  whole = await toldMatrix(({ scenario }) => ["no-output", "characters-web"].includes(scenario.name));
});

const cell = "current/v6-hive-hdp2/characters-web";

/** The exit of a run in which one cell's answers to an operation are changed, and what is told of that cell. */
function told(operation: string, change: (reply: unknown) => object) {
  const id = jobOf(whole, cell);
  const { exit, checked, cells, reasons } = judged(
    withExchanges(whole, (event) =>
      event.job === id && event.operation === operation ? { ...event, ...change(event.reply) } : event,
    ),
  );
  const red = cells.filter(({ verdict }) => verdict === "violation");
  const [only] = red;
  return {
    exit,
    checked,
    reasons,
    red: red.map(({ path }) => path),
    contract: only?.violations.find(({ invariant }) => invariant === "C")?.witnesses ?? [],
    story: only?.story.join("\n"),
  };
}

test("a job's id as a number stands in the story of its cell, and not beside it", () => {
  const { exit, checked, reasons, red, contract, story } = told("worker.claim", (reply) => ({
    job: null,
    reply: { job: { ...(field(reply, "job") as object), job_id: Number(jobOf(whole, cell)) } },
  }));
  expect({ exit, checked, red }).toEqual({ exit: 1, checked: "violation", red: [cell] });
  expect(contract).toContainEqual(
    "worker->api, worker.claim: reply: job.job_id: Invalid input: expected string, received number",
  );
  expect(story).toContain("job.job_id: Invalid input: expected string, received number");
  expect(reasons).toEqual(["1 cells broke an invariant"]);
});

const jsonHeaders = { "content-type": "application/json" };

test.each<[string, (rows: Buffer) => unknown]>([
  ["mangled to latin1", (rows) => parseBody(Buffer.from(rows.toString(), "latin1"), {})],
  ["cut", (rows) => parseBody(rows.subarray(0, -3), {})],
  ["packed without its header", (rows) => parseBody(gzipSync(rows), jsonHeaders)],
  [
    "not packed as its header says",
    (rows) => parseBody(rows, { ...jsonHeaders, "content-encoding": "gzip" }),
  ],
])("a result that is %s is red, and no trouble of the run", (_, mangled) => {
  const { exit, checked, red, contract } = told("job.result", (reply) => ({
    reply: mangled(Buffer.from(String(reply))),
  }));
  expect({ exit, checked, red }).toEqual({ exit: 1, checked: "violation", red: [cell] });
  // It is read in many ways, and wrong in each.
  expect(contract.length).toBeGreaterThan(0);
  for (const line of contract) expect(line).toMatch(/^customer->api, job.result: model: /);
});
