import { expect, test } from "vitest";
import { engines } from "../../contracts/job.ts";
import { field, textField } from "../../contracts/step.ts";
import { worded } from "../../contracts/worded-jobs.ts";
import { basesOf } from "../../harness/explore/workloads.ts";
import { customerOf } from "../../harness/rigs/in-process/accounts.ts";
import { runSchedules } from "../../harness/rigs/in-process/run.ts";
import type { World } from "../../harness/rigs/in-process/world.ts";
import { jobsOf } from "../../harness/rigs/workload.ts";
import { config, releases, rigOf } from "../status-sync/system.ts";

/**
 * A query that reads to the letter as the service words an export is run as one, so that any customer can name any job:
 * the result goes out where it is the customer's own, and nowhere else.
 */

const result = "web://destination.test/taken";

/** A result of presto's customer, and a job of each engine that is still there when somebody takes it. */
const workload = {
  jobs: (["presto", "hive-cdh4", "hive-hdp2"] as const).map((engine) => ({
    scenario: engine === "presto" ? "no-output" : "slow",
    engine,
  })),
  workers: 2,
};

/** What becomes of the query, issued by the customer of that engine once job 1 has its result. */
async function takenOn(engine: "hive-cdh4" | "hive-hdp2") {
  const rig = await rigOf();
  const [{ base } = { base: undefined }] = basesOf(engines, config.scenarios, releases, 1);
  const schedule = { ...base, workload } as NonNullable<typeof base>;
  const jobs = jobsOf(schedule, rig.scenarios);
  const job = jobs.find((one) => one.engine === engine) as (typeof jobs)[number];
  let taken: { world: World; id: string | undefined } | undefined;
  const take = async (world: World) => {
    const hasResult = () => world.state.job(world.idOf(1) ?? "")?.status === "success";
    for (let waited = 0; waited < 40 && !hasResult(); waited += 1) await world.clock.sleep(500);
    const query = worded("result_export", { job: world.idOf(1) ?? "" });
    const input = { type: "hive", database: "sample", query, result };
    const authorization = `TD1 ${customerOf(job).apikey}`;
    const { body } = await world.callAsCustomer({ operation: "job.issue", input, authorization }, job);
    taken = { world, id: textField(body, "job_id") };
  };
  let began = false;
  await runSchedules(rig, [schedule], (world) => {
    if (!began) void take(world);
    began = true;
  });
  const { world, id } = taken as NonNullable<typeof taken>;
  const { status, message } = world.state.job(id ?? "") ?? {};
  const sent = world.state.deliveries().filter(({ settings }) => field(settings, "path") === "/taken");
  return { status, message, sent: sent.map(({ rows }) => rows.length) };
}

test("a customer exports its own result so", async () => {
  expect(await takenOn("hive-cdh4")).toEqual({ status: "success", message: null, sent: [4] });
});

test("another customer's result stays where it is", async () => {
  expect(await takenOn("hive-hdp2")).toEqual({
    status: "error",
    message: expect.stringMatching(/^job \d+ has no stored result that this account may export$/),
    sent: [],
  });
});
