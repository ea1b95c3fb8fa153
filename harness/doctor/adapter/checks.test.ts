import { expect, test } from "vitest";
import { type Ills, tried } from "../testing/ills.ts";
import { examineAdapter, notStarted } from "./adapter.ts";
import { type ApiFacts, apiChecks } from "./api.ts";
import { type DestinationFacts, destinationChecks } from "./destinations.ts";
import { type JobFacts, jobChecks } from "./jobs.ts";
import { type MysqlFacts, mysqlChecks } from "./mysql.ts";
import { type StartFacts, startChecks } from "./start.ts";
import { bad, troubleOf, wellAdapted } from "./testing/facts.ts";
import { type WorldFacts, worldChecks } from "./world.ts";

const [mysql, api, worker, destination] = wellAdapted.start.parts as unknown as [Part, Part, Part, Part];
type Part = StartFacts["parts"][number];
const failed = (part: Part): Part => ({ ...part, outcome: troubleOf(part.name) });
const left = (part: Part): Part => ({ ...part, outcome: "left" });
const died = "worker-v5: expected an answer, but it exited with code 1";

const start: Ills<StartFacts, typeof startChecks> = {
  "mysql-starts": [[{ parts: [failed(mysql), api] }, "fail", "mysql: expected an answer"]],
  "api-starts": [
    [{ parts: [mysql, failed(api)] }, "fail", "api: expected an answer, but it exited"],
    [{ parts: [failed(mysql), left(api)] }, "unknown", "did not come to api"],
  ],
  "workers-start": [
    [{ parts: [mysql, api, failed(worker)] }, "fail", died],
    [{ parts: [mysql, api] }, "unknown", "names none"],
  ],
  "destinations-start": [[{ parts: [failed(destination)] }, "fail", "destination-web"]],
  "stays-up": [
    [{ trouble: troubleOf("worker-v5") }, "fail", died],
    [{ parts: [left(mysql)] }, "unknown", "did not come up"],
  ],
};

const asked = (status: number | null) => [{ what: "it", status }];

const ofApi: Ills<ApiFacts, typeof apiChecks> = {
  "claims-accepted": [
    [
      { claims: [bad("worker-v6", "it was answered with 401")] },
      "fail",
      "worker-v6: it was answered with 401",
    ],
    [{ claims: [] }, "unknown", "no worker"],
  ],
  "claims-guarded": [[{ strangerClaims: asked(200) }, "fail", "it: it was answered with 200"]],
  "worker-tokens": [
    [{ tokens: asked(401) }, "fail", "401"],
    [{ tokens: [] }, "unknown", "workerTokens"],
  ],
  "tokens-apart": [[{ foreignClaims: asked(200) }, "fail", "200"]],
  "customer-keys": [[{ keys: asked(null) }, "fail", "no whole answer"]],
  "keys-guarded": [[{ strangers: asked(200) }, "fail", "200"]],
  "customer-databases": [[{ databases: [bad("cdh4: smaple", "it lists sample")] }, "fail", "lists sample"]],
  "api-answers": [[{ answers: [bad("job.list of cdh4", "reply: jobs")] }, "fail", "reply: jobs"]],
};

const ofMysql: Ills<MysqlFacts, typeof mysqlChecks> = {
  "mysql-kind": [
    [{ version: "5.7.44" }, "fail", "5.7.44"],
    [{ version: "11.4.2-MariaDB" }, "fail", "MariaDB"],
  ],
  "mysql-clock": [[{ aheadMs: -5_000 }, "warn", "5.0 s behind"]],
  "mysql-log": [[{ log: "log_bin is off in the server" }, "warn", "log_bin"]],
  "oracle-follows": [
    [{ followed: "Access denied" }, "warn", "Access denied"],
    [{ followed: undefined }, "unknown", "no log"],
  ],
  "mysql-locks": [[{ keepsLocks: false }, "warn", "off"]],
  "oracle-sees-rights": [[{ rights: "SELECT denied" }, "warn", "denied"]],
  warehouses: [
    [{ warehouses: [bad("cdh4: wh", "the oracle sees no such schema")] }, "fail", "no such schema"],
  ],
  "loader-fills": [[{ filled: [bad("cdh4: wh", "CREATE command denied")] }, "fail", "CREATE command denied"]],
  sources: [[{ sources: "Table 'trades' already exists" }, "fail", "already exists"]],
  "oracle-reads": [[{ read: [bad("jobs.jobs", "SELECT command denied")] }, "fail", "jobs.jobs: SELECT"]],
  "oracle-only-reads": [
    [{ writable: ["jobs.jobs"] }, "warn", "jobs.jobs"],
    [{ read: [] }, "unknown", "names none"],
  ],
  "other-accounts": [
    [{ accounts: [bad("sessions.account", "Access denied")] }, "warn", "sessions.account: Access denied"],
    [{ accounts: [] }, "unknown", "neither"],
  ],
};

const ofWorld: Ills<WorldFacts, typeof worldChecks> = {
  "own-tables": [[{ tables: [bad("jobs.job", "it is not there")] }, "warn", "jobs.job"]],
  "own-columns": [[{ columns: [bad("jobs.jobs: di", "Unknown column")] }, "fail", "Unknown column"]],
  "own-statements": [
    [{ statements: [bad("jobs.chunks", "Unknown column 'asked.name'")] }, "fail", "asked.name"],
    [{ statements: [] }, "unknown", "has none"],
  ],
  "own-whole": [[{ undeclared: ["jobs.outbox"] }, "warn", "jobs.outbox"]],
  "own-databases": [[{ unowned: ["results"] }, "fail", "results"]],
  "registered-columns": [
    [{ registered: "Unknown column 'asked.columns'" }, "fail", "asked.columns"],
    [{ registered: undefined }, "unknown", "has none"],
  ],
};

const ofJobs: Ills<JobFacts, typeof jobChecks> = {
  "jobs-issued": [[{ issued: [bad("v5-presto", "it was answered with 422 and not 200")] }, "fail", "422"]],
  "jobs-end": [[{ ended: [bad("v5-presto", "its status is queued")] }, "fail", "queued"]],
  "customers-apart": [[{ foreign: asked(200) }, "fail", "200"]],
  "job-status": [[{ status: [bad("v5-presto", "it gives 0 rows and not one")] }, "fail", "0 rows"]],
  "job-record": [[{ records: [bad("v5-presto", "its row has no message")] }, "fail", "no message"]],
  "job-lease": [[{ leases: [bad("v5-presto", "its row has no lease")] }, "fail", "no lease"]],
  "next-job": [
    [{ next: { set: "1001", got: "4" } }, "fail", "1001 was set and the job is 4"],
    [{ notSet: "ALTER command denied" }, "fail", "ALTER command denied"],
    [{ next: null }, "unknown", "has none"],
  ],
  "registered-table": [
    [{ made: [bad("schedules.registeredTable", "it gives 0 rows and not one")] }, "fail", "0 rows"],
    [{ made: [] }, "unknown", "no job made a table"],
  ],
  outbox: [
    [{ outboxes: [bad("v5-presto", "it has no /outbox")] }, "fail", "no /outbox"],
    [{ outboxes: [] }, "unknown", "names none"],
  ],
};

const ofDestinations: Ills<DestinationFacts, typeof destinationChecks> = {
  "destinations-take": [[{ taken: [bad("web", "it answered 500")] }, "fail", "500"]],
  "destinations-tell": [[{ read: [bad("web", "the oracle finds {}")] }, "fail", "finds {}"]],
  "destinations-refuse": [[{ refused: [bad("web", "it took the delivery")] }, "fail", "took"]],
  "destinations-list": [[{ listed: [bad("web", "it does not")] }, "warn", "does not"]],
};

tried<StartFacts, typeof startChecks>("the start", startChecks, wellAdapted.start as StartFacts, start);
tried<ApiFacts, typeof apiChecks>("the API", apiChecks, wellAdapted.api, ofApi);
tried<MysqlFacts, typeof mysqlChecks>("MySQL", mysqlChecks, wellAdapted.mysql, ofMysql);
tried<WorldFacts, typeof worldChecks>("the world", worldChecks, wellAdapted.world, ofWorld);
tried<JobFacts, typeof jobChecks>("jobs", jobChecks, wellAdapted.jobs, ofJobs);
tried<DestinationFacts, typeof destinationChecks>(
  "destinations",
  destinationChecks,
  wellAdapted.destinations,
  ofDestinations,
);

test("databases of which no log is read need not be named", () => {
  const world: WorldFacts = { ...wellAdapted.world, unowned: null };
  const found = examineAdapter({ ...notStarted, world }).find(({ name }) => name === "own-databases");
  expect(found).toMatchObject({ health: "ok", found: "no run reads a log of other databases" });
});

test("at least twenty things are looked at, and nothing is well that nobody has started", () => {
  const all = examineAdapter(notStarted);
  expect(all.length).toBeGreaterThanOrEqual(20);
  expect(all.filter(({ health }) => health !== "unknown")).toEqual([]);
  expect(all.filter(({ expected }) => expected === "")).toEqual([]);
  const up = examineAdapter({ ...notStarted, start: wellAdapted.start });
  expect(up.find(({ name }) => name === "job-status")?.found).toBe("the system did not come up");
});
