import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { webPeer } from "./peers/web.ts";
import { job, type Surroundings, workerProcess } from "./peers/worker.ts";

/** A worker whose reports are not all accepted: row S14 of what outsiders found. */

const leaseMs = 2_000;

/** An API that hands a job out again when its lease has run out, and a destination that counts what it is given. */
async function leasing(ids: readonly string[], finish: NonNullable<Surroundings["finish"]>, outbox?: string) {
  const stack = new AsyncDisposableStack();
  const deliveries = new Map<string, number>();
  const destination = stack.use(
    await webPeer((request, response) => {
      const id = String(request.headers["idempotency-key"]).replace("job-", "");
      deliveries.set(id, (deliveries.get(id) ?? 0) + 1);
      request.resume().once("end", () => response.end());
    }),
  );
  const heldUntil = new Map(ids.map((id) => [id, 0]));
  const attempts = new Map(ids.map((id) => [id, 0]));
  const worker = stack.use(
    await workerProcess({
      claim: () => {
        const id = [...heldUntil].find(([, until]) => until < performance.now())?.[0];
        if (id === undefined) return null;
        heldUntil.set(id, performance.now() + leaseMs);
        attempts.set(id, (attempts.get(id) ?? 0) + 1);
        const url = `web://127.0.0.1:${destination.port}/in`;
        return job(id, { attempt: attempts.get(id), lease_ms: leaseMs, result_url: url });
      },
      heartbeat: (id) => void heldUntil.set(id, performance.now() + leaseMs),
      finish(report) {
        const status = finish(report);
        if (status === 200) heldUntil.delete(report.job_id);
        return status;
      },
      ...(outbox === undefined ? {} : { outbox }),
    }),
  );
  return { worker, deliveries, heldUntil, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

test("S14: a job whose report fails each time is delivered once, and those behind it end at once", async () => {
  const poison = "1";
  const others = ["2", "3", "4", "5", "6"];
  let failures = 0;
  await using system = await leasing([poison, ...others], ({ job_id }) => {
    if (job_id !== poison) return 200;
    failures += 1;
    return 500;
  });
  for (const id of others) expect(await system.worker.ending(id)).toMatchObject({ status: "success" });
  // By now the first one has been sent again and again.
  await expect.poll(() => failures, { timeout: 10_000 }).toBeGreaterThan(8);
  expect(Object.fromEntries(system.deliveries)).toEqual(
    Object.fromEntries([poison, ...others].map((id) => [id, 1])),
  );
});

let outbox: string;
beforeAll(async () => {
  outbox = await mkdtemp(join(tmpdir(), "interlock-outbox-"));
});
afterAll(() => rm(outbox, { recursive: true }));

const stored = {
  key: "9-1",
  job: { jobId: "9", attempt: 1, account: 1, database: "shop" },
  target: null,
  report: {
    job_id: "9",
    attempt: 1,
    status: "success",
    num_records: 1,
    result_size: null,
    result_schema: null,
    message: null,
  },
};

/** Reports of an earlier life of which none can be sent as it is. */
const unsendable: Record<string, object> = {
  "9-1.json": { ...stored, report: { ...stored.report, job_id: undefined } },
  "10-1.json": { ...stored, key: "10-1", job: { jobId: "10" }, target: undefined },
  "11-1.json": { ...stored, key: "11-1", report: { ...stored.report, job_id: "11", status: "done" } },
  "12-1.json": { ...stored, key: "13-1" },
};

test("S14: reports that can never be sent are set aside, loudly, and jobs are delivered once", async () => {
  for (const [name, content] of Object.entries(unsendable))
    await writeFile(join(outbox, name), JSON.stringify(content));
  const jobs = ["1", "2", "3"];
  // Whatever is no job of this API is refused.
  const finish = ({ job_id, status }: { job_id: string; status: string }) =>
    jobs.includes(job_id) && status === "success" ? 200 : 422;
  await using system = await leasing(jobs, finish, outbox);
  for (const id of jobs) expect(await system.worker.ending(id)).toMatchObject({ status: "success" });
  await expect
    .poll(() => readdir(outbox))
    .toEqual(
      Object.keys(unsendable)
        .map((name) => `${name}.torn`)
        .toSorted(),
    );
  expect(system.worker.program.lines.filter((line) => line.includes('"level":"error"'))).toHaveLength(4);
  expect(Object.fromEntries(system.deliveries)).toEqual(Object.fromEntries(jobs.map((id) => [id, 1])));
});
