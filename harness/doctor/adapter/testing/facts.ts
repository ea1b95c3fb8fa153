import type { ComponentTrouble } from "../../../errors.ts";
import type { AdapterFacts } from "../adapter.ts";
import type { Tried } from "../asked.ts";

export const good = (what: string): Tried => ({ what, trouble: null });
export const bad = (what: string, trouble: string): Tried => ({ what, trouble });

export const troubleOf = (component: string): ComponentTrouble => ({
  component,
  expected: "an answer",
  happened: "it exited with code 1",
  next: "read its log",
});

/** A system about which nothing is to be said. */
export const wellAdapted = {
  start: {
    parts: [
      { kind: "mysql", name: "mysql", outcome: "ready" },
      { kind: "api", name: "api", outcome: "ready" },
      { kind: "worker", name: "worker-v5", outcome: "ready" },
      { kind: "destination", name: "destination-web", outcome: "ready" },
    ],
    trouble: null,
  },
  api: {
    claims: [good("worker-v5")],
    strangerClaims: [{ what: "without a token", status: 401 }],
    tokens: [{ what: "v5", status: 404 }],
    foreignClaims: [{ what: "v6 with the token of v5", status: 403 }],
    keys: [{ what: "cdh4", status: 200 }],
    strangers: [{ what: "without a key", status: 401 }],
    databases: [good("cdh4: sample")],
    answers: [good("job.list of cdh4")],
  },
  mysql: {
    version: "9.7.4",
    aheadMs: 3,
    log: null,
    followed: null,
    keepsLocks: true,
    rights: null,
    warehouses: [good("cdh4: wh_1")],
    filled: [good("cdh4: wh_1")],
    sources: null,
    read: [good("jobs.jobs")],
    writable: [],
    accounts: [good("sessions.account")],
  },
  world: {
    tables: [good("jobs.jobs")],
    columns: [good("jobs.jobs: id")],
    statements: [good("jobs.chunks")],
    undeclared: [],
    unowned: [],
    registered: null,
  },
  jobs: {
    issued: [good("v5-presto")],
    ended: [good("v5-presto")],
    foreign: [{ what: "v5-presto asked for by hdp2", status: 404 }],
    status: [good("v5-presto")],
    records: [good("v5-presto")],
    leases: [good("v5-presto")],
    next: { set: "1001", got: "1001" },
    notSet: null,
    made: [good("mysql.world.registered")],
    outboxes: [good("v5-presto")],
  },
  destinations: {
    taken: [good("web")],
    read: [good("web")],
    refused: [good("web")],
    listed: [good("web")],
  },
} satisfies AdapterFacts;
