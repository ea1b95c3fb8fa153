import { queryTypes } from "../../contracts/job.ts";
import { firstOfRun, jobsOfRun } from "../../contracts/operations/scheduled-queries.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { textField } from "../../contracts/step.ts";
import { type Call, type Held, type Input, never, type Party, unknownJob } from "./probe.ts";
import { ended, look } from "./tries.ts";

/** Scheduled queries: whose they are, what is said of them, and the jobs that are asked for. None is ever due. */

const nobodys = "probe nobodys";
const result = "web://prober:probers-secret@probe.invalid/scheduled";

/** Every call about the one of this name. */
const calls = (name: string): Call[] => [
  ["scheduled_query.update", { name, priority: 1 }],
  ["scheduled_query.history", { name }],
  ["scheduled_query.run", { name, time: 60 }],
  ["scheduled_query.delete", { name }],
];

/** What other services read as times: each field beyond its ends, words for numbers, a step of nothing, a field more. */
const noTimes: readonly string[] = [
  "* * * *",
  "60 * * * *",
  "0 24 * * *",
  "0 0 0 * *",
  "0 0 * 13 *",
  "0 0 * * 8",
  "0 0 * JAN *",
  "5/15 * * * *",
  "*/0 * * * *",
  "30-10 * * * *",
  "0 0 0 29 2 *",
  "@weekly",
  "@sometimes",
];

const wrong: readonly Input[] = [
  ...noTimes.map((cron) => ({ cron })),
  ...["", "Nowhere/None", "utc+9"].map((timezone) => ({ timezone })),
  { delay: -1 },
  { query: "" },
  { type: "pig" },
  { result: "web:/nowhere" },
  { name: "-" },
  { database: "probe_nowhere" },
];

export async function scheduledQueries(party: Party): Promise<void> {
  const name = `Probe.${party.generation} 1`;
  const ask = (what: string, input: Input = {}) =>
    party.asCustomer(`scheduled_query.${what}` as OperationId, { name, ...input });
  const list = () => party.asCustomer("scheduled_query.list", {});
  await inVain(party);
  await party.askByCustomer(wrong.map((input) => ["scheduled_query.create", party.scheduled(name, input)]));
  await list();
  for (const more of [{ delay: "7", retry_limit: 1 }, { delay: "7", retry_limit: 1 }, {}])
    await ask("create", party.scheduled(name, more));
  await party.askByCustomer(wrong.map((input) => ["scheduled_query.update", { name, ...input }]));
  await list();
  await party.askByOthers([...calls(name), ["scheduled_query.list", {}]]);
  await ask("history");
  await runs(party, name);
  const fails = async () => end(party, firstOfRun((await ask("run", { time: 0 }))?.body), "error");
  await fails();
  await ask("update", { cron: "", query: "SELECT 2", result, priority: "-1" });
  // What is not given stays as it is.
  await ask("update", { priority: 2 });
  await list();
  // Its owner knows that it fails, whatever was changed meanwhile.
  await fails();
  await ask("run", { time: 60, num: 2 });
  await end(party, firstOfRun((await ask("run", { time: 0 }))?.body), "killed");
  // A kill says nothing of the failure before.
  await fails();
  for (const [from, to] of [
    [1, 3],
    [3, 1],
    [100, 101],
  ])
    await ask("history", { from, to });
  await ask("update", { cron: never, timezone: "Asia/Tokyo", result: "" });
  const nulls = { query: null, type: null, cron: null, timezone: null, delay: null, result: null };
  await ask("update", { ...nulls, database: party.database });
  await list();
  for (const what of ["delete", "delete", "history"]) await ask(what);
  // Under a name that another one had.
  await ask("create", party.scheduled(name, { cron: "", retry_limit: 1 }));
  await ask("history");
  // Of this one nobody knows that yet.
  await fails();
  await ask("delete");
  await list();
  await dueTimes(party, name);
}

/** When it is due, by the clocks of several places; its jobs would come when all is over. */
async function dueTimes(party: Party, name: string): Promise<void> {
  const ask = (what: "create" | "update" | "delete", input: Input = {}) =>
    party.asCustomer(`scheduled_query.${what}`, { name, ...input });
  const daily = { cron: "30 4 * * *", timezone: "Asia/Tokyo", delay: 604_800 };
  await ask("create", party.scheduled(name, daily));
  for (const input of [
    { timezone: "America/New_York" },
    { cron: "@daily" },
    { cron: "*/20 9-17 * * 1,3-5" },
  ]) {
    await ask("update", input);
    await party.asCustomer("scheduled_query.list", {});
  }
  for (const input of [{ cron: "@monthly", timezone: "Asia/Tokyo" }, ...crons.map((cron) => ({ cron }))])
    await ask("update", input);
  for (const { cron, timezone, from, num } of behind) {
    await ask("update", { cron, timezone });
    for (const time of from) {
      const reply = await party.asCustomer("scheduled_query.run", { name, time: secondsOf(time), num });
      for (const job_id of jobsOfRun(reply?.body)) await party.asCustomer("job.kill", { job_id });
    }
  }
  await ask("delete");
}

const secondsOf = (time: string): number => Date.parse(`${time}Z`) / 1000;

/** The due times behind a time, where the next one from now on is another. */
const behind: readonly { cron: string; timezone: string; from: readonly string[]; num: number }[] = [
  // The first of each step, the last of a range, and the second of a list.
  {
    cron: "0,30 9-17 */2 */5 *",
    timezone: "UTC",
    from: ["2019-06-01T18:00:00", "2019-06-03T17:10:00"],
    num: 2,
  },
  // A range with Sunday at its end, a step that does not begin at 0, and days of the month on a Monday.
  {
    cron: "15-55/20 12 1,15 * 5-7",
    timezone: "UTC",
    from: ["2019-06-08T12:56:00", "2019-07-15T00:00:00"],
    num: 2,
  },
  // A day that the month does not have, and either kind of day, one of them by steps.
  { cron: "0 0 31 * *", timezone: "UTC", from: ["2019-06-15T00:00:00"], num: 2 },
  { cron: "0 0 13 * */6", timezone: "UTC", from: ["2019-06-16T01:00:00"], num: 2 },
  // On that day the clocks are put back an hour later.
  { cron: "30 1 * * *", timezone: "America/New_York", from: ["2024-11-03T05:30:00"], num: 3 },
];

/** Each form of a time, and both kinds of day. */
const crons = [
  "@hourly",
  "0 12 13 * 5",
  "0 12 * * 7",
  "0 12 * * 0-3/3",
  "0 0-23/23 * * *",
  "10-50/20,3 */6 1-31/10 * *",
];

/** The type of each job is that which its query has when it is run: it decides who runs it. */
export async function scheduledTypes(party: Party): Promise<void> {
  const name = `probe types ${party.generation}`;
  await party.asCustomer("scheduled_query.create", party.scheduled(name));
  for (const type of queryTypes) {
    await party.asCustomer("scheduled_query.update", { name, type });
    await party.asCustomer("scheduled_query.run", { name, time: 60 });
  }
  await party.asCustomer("scheduled_query.delete", { name });
}

/** Both customers have one of this name at once, and each is told when its own begins to fail, and when it does no more. */
export async function twinScheduled(party: Party): Promise<void> {
  const name = "probe twin";
  await party.asCustomer("scheduled_query.create", party.scheduled(name, { retry_limit: 1 }));
  for (const status of ["error", "success"] as const) {
    const reply = await party.asCustomer("scheduled_query.run", { name, time: 60 });
    await end(party, firstOfRun(reply?.body), status);
  }
  await party.asCustomer("scheduled_query.history", { name });
  await party.asCustomer("scheduled_query.delete", { name });
}

/** What nobody has, asked by everybody. */
async function inVain(party: Party): Promise<void> {
  const asked: Call[] = [
    ["scheduled_query.create", party.scheduled(nobodys, { database: "probe_nowhere" })],
    ...calls(nobodys),
    ["scheduled_query.list", {}],
  ];
  await party.askEach([...party.others, party.customer], asked);
}

/** Jobs that are asked for: under a key, two at once, each to another end, and what is shown of them on the way. */
async function runs(party: Party, name: string): Promise<void> {
  const ask = (input: Input) => party.asCustomer("scheduled_query.run", { name, ...input });
  const history = (input: Input = {}) => party.asCustomer("scheduled_query.history", { name, ...input });
  const domain_key = `probe scheduled ${party.generation}`;
  const first = firstOfRun((await ask({ time: "1440425049", domain_key }))?.body);
  await ask({ time: "1440425049", domain_key });
  await ask({ time: 60, num: 2, domain_key });
  await party.asCustomer("job.issue", party.order("SELECT 1", { domain_key }));
  await history();
  await end(party, first, "success");
  await history();
  // That its result is exported, and how that ends, is no matter of the scheduled query.
  const exported = await party.asCustomer("job.result_export", { target_id: first, result });
  await end(party, textField(exported?.body, "job_id"), "error");
  await history();
  for (const num of [0, 101]) await ask({ time: 60, num });
  const second = firstOfRun((await ask({ time: 60, num: "2" }))?.body);
  await history({ from: 0, to: 1 });
  await end(party, second, "error");
  await end(party, undefined, "success");
  await history({ from: "0", to: "9" });
}

/** The job in the hands of a worker, and what that one says of its end, until the service takes it for one. */
async function end(
  party: Party,
  told: string | undefined,
  status: "success" | "error" | "killed",
): Promise<void> {
  const more: Input =
    status === "success"
      ? { num_records: 1, result_size: 30, result_schema: [["one", "bigint"]] }
      : { message: "line 1: no such column" };
  for (let tried = 0; tried < (status === "error" ? 2 : 1); tried += 1) {
    const held: Held = (await party.claim(1)) ?? { job_id: told ?? unknownJob, attempt: 1 };
    await look(party, held.job_id);
    if (status === "killed") await party.asCustomer("job.kill", { job_id: held.job_id });
    await party.asWorker(1, "worker.finish", ended(held, status, more));
    await look(party, held.job_id);
  }
}
