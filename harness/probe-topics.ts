/** What Interlock's probe asks about, by topic, in the order in which it does. */
export const probeTopics = {
  lives: "tables are moved before the jobs of the workload read them, and databases made and deleted",
  malformed: "requests that must not be taken, whoever asks",
  leases: "a job's life with takeovers, stale reports and wrong credentials",
  kills: "the end of a job is asked for in every state",
  outputs: "receipts of jobs with a destination",
  retries: "jobs that may be tried again after a failure",
  endings: "the first report of an end counts",
  orders: "each order is shown and handed out as it was given",
  keys: "domain keys: orders with one, looks by one",
  tables: "tables that jobs make",
  moves: "tables that jobs made are swapped, renamed and deleted",
  sessions: "Bulk Import",
  deletions: "Partial Delete",
  "table-exports": "Export",
  loads: "Data Connector",
  "result-exports": "exports of results",
  "scheduled-queries": "scheduled queries and their runs",
  users: "users of an account, and what their keys open",
  many: "many sessions and scheduled queries, and lists of them",
  strangers: "who reads jobs that are not its own",
  backlog: "200 jobs that wait: order, paging",
  twins: "two customers with the same words",
  types: "queries of each type by each customer",
  names: "databases and tables that customers make",
  "moves-of-made": "these are swapped, renamed and deleted",
  "many-databases": "many databases and tables, and lists of them",
  outliving: "tables that outlive what they were made by",
  "moves-of-filled": "tables with rows are swapped, renamed and deleted",
  "table-settings": "after how many days the rows of tables expire",
  neighbours: "tables of the same name in several databases",
  streams: "streaming import, its counters and its columns",
  extremes: "the longest, largest and strangest that may be said",
} as const;

export type ProbeTopic = keyof typeof probeTopics;

export const allProbeTopics = Object.keys(probeTopics) as readonly ProbeTopic[];
