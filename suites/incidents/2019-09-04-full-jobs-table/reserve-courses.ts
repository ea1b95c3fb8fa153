import { importJobs } from "../../../contracts/operations/bulk-import.ts";
import type { OperationId } from "../../../contracts/operations.ts";
import type { Answer, Report, Service } from "../reference/service.ts";
import { claimed, type Order, prepared } from "./orders.ts";

/** What becomes of jobs of every kind while the table fills: calls in their order, and how each job ends. */

/** What a call stores in the table of jobs. */
export type Needs = "a new job" | "a job that is there" | "a change of a job" | "no room for jobs";

export interface Step {
  what: string;
  needs: Needs;
  send: (service: Service) => Promise<Answer>;
  /** The status of an answer that takes it; 200 where none is given. */
  taken?: number;
  /** What is wrong once it is taken. */
  wrong?: (answer: Answer, service: Service) => string | null | Promise<string | null>;
}

export interface Course {
  name: string;
  /** What is still to be done. */
  left: Step[];
  /** Gives null until it is accepted; null where it is about no job. */
  job: (() => string | null) | null;
  /** Null: it waits until it is handed out. */
  ends: "success" | "error" | "killed" | null;
}

interface OfEach {
  /** Whether it runs before the table fills. */
  runs: boolean;
  course: (order: Order, before: Service) => Promise<Course>;
}

const send =
  ({ operation, input }: Order) =>
  (service: Service) =>
    service.ask("customer", operation, input);

const reported =
  (held: Report, operation: OperationId, more: object = {}) =>
  (service: Service) =>
    service.ask("v5", operation, { job_id: held.job_id, attempt: held.attempt, ...more });

async function issued(order: Order, before: Service): Promise<string> {
  return await order.jobOf(await send(order)(before));
}

async function running(order: Order, before: Service): Promise<Report> {
  const job = await issued(order, before);
  const held = await claimed(before);
  if (held?.job_id !== job) throw new Error(`${order.name}: job ${held?.job_id} is claimed, not ${job}`);
  return held;
}

/** An order that has its job tells that one, whichever way. */
const sentAgain = (order: Order, job: () => string | null): Step => ({
  what: "ordered again",
  needs: "a job that is there",
  send: send(order),
  taken: order.again,
  wrong: async (answer) => {
    const { conflicts_with: first } = (answer.body["details"] ?? {}) as { conflicts_with?: string };
    return (first ?? (await order.jobOf(answer))) === job() ? null : `it is another job than ${job()}`;
  },
});

const beats = (held: Report, isKilled: boolean): Step => ({
  what: "a heartbeat",
  needs: "a change of a job",
  send: reported(held, "worker.heartbeat"),
  wrong: ({ body }) =>
    body["kill_requested"] === isKilled ? null : `kill_requested is ${String(body["kill_requested"])}`,
});

const kill = (job: string, former: string): Step => ({
  what: "a kill",
  needs: "a change of a job",
  send: (service) => service.kill(job),
  wrong: ({ body }) => (body["former_status"] === former ? null : "it tells another status"),
});

/** The end of a job with its session, and the same report once more. */
function end(order: Order, held: Report, more: { status: "success" | "error" | "killed" }): Step[] {
  const finish = (service: Service) => service.finish(held, { num_records: null, ...more });
  const { session } = order;
  const wrong = async (_: Answer, service: Service) => {
    if (session === undefined) return null;
    const { success, else: otherwise } = importJobs[session.type];
    const { body } = await service.ask("customer", "bulk_import.show", { name: session.name });
    const as = more.status === "success" ? success : otherwise;
    return body["status"] === as ? null : `its session is ${String(body["status"])}, not ${as}`;
  };
  const what = `an end in ${more.status}`;
  return [
    { what, needs: "a change of a job", send: finish, wrong },
    { what: `${what} once more`, needs: "no room for jobs", send: finish, wrong },
  ];
}

const unresulting = { num_records: null, result_size: null, result_schema: null };
export const failure = { ...unresulting, status: "error", message: "w".repeat(500) } as const;

/** What may become of a job of any kind. */
export const ofEach: readonly OfEach[] = [
  {
    runs: false,
    course: async (order) => {
      let job: string | null = null;
      const first: Step = {
        what: "ordered",
        needs: "a new job",
        send: send(order),
        wrong: async (answer) => {
          job = await order.jobOf(answer);
          return null;
        },
      };
      const left = [first, sentAgain(order, () => job)];
      return { name: order.name, left, job: () => job, ends: null };
    },
  },
  {
    runs: false,
    course: async (order, before) => {
      const job = await issued(order, before);
      return {
        name: `${order.name} that waits`,
        left: [sentAgain(order, () => job)],
        job: () => job,
        ends: null,
      };
    },
  },
  {
    runs: false,
    course: async (order, before) => {
      const job = await issued(order, before);
      return {
        name: `${order.name} that waits`,
        left: [kill(job, "queued")],
        job: () => job,
        ends: "killed",
      };
    },
  },
  {
    runs: true,
    course: async (order, before) => {
      const held = await running(order, before);
      await reported(held, "worker.heartbeat")(before);
      const reports = order.reports.map(
        ([operation, more]): Step => ({
          what: operation,
          needs: operation === "worker.receipt" ? "a change of a job" : "no room for jobs",
          send: reported(held, operation, more),
        }),
      );
      const left = [
        beats(held, false),
        ...reports,
        ...end(order, held, { ...order.success, status: "success" }),
      ];
      return { name: `${order.name} that runs`, left, job: () => held.job_id, ends: "success" };
    },
  },
  {
    runs: true,
    course: async (order, before) => {
      const held = await running(order, before);
      const left = [beats(held, false), ...end(order, held, failure)];
      return { name: `${order.name} that fails`, left, job: () => held.job_id, ends: "error" };
    },
  },
  {
    runs: true,
    course: async (order, before) => {
      const held = await running(order, before);
      const killed = end(order, held, { ...unresulting, status: "killed" } as { status: "killed" });
      const left = [kill(held.job_id, "booting"), beats(held, true), ...killed];
      return { name: `${order.name} that runs`, left, job: () => held.job_id, ends: "killed" };
    },
  },
];

/** What is of one kind of job alone, and what is no job at all. Nothing may wait meanwhile. */
export async function ofOthers(before: Service): Promise<Course[]> {
  const orders = await prepared(before);
  const order = (name: string, input: object = {}): Order => {
    const found = orders.find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no order ${name}`);
    return { ...found, input: { ...found.input, ...input } };
  };
  return [
    triedAgain(await running(order("SELECT", { retry_limit: 1 }), before)),
    refusedByDestination(await running(order("Result Output"), before)),
    await alreadyEnded(await running(order("INSERT INTO"), before), before),
    ...(await deletions(order("partial delete"), before)),
  ];
}

const triedAgain = (held: Report): Course => ({
  name: "a query that is tried again",
  left: [
    {
      what: "a try that fails",
      needs: "a change of a job",
      send: (service) => service.finish(held, failure),
    },
  ],
  job: () => held.job_id,
  ends: null,
});

/** The end of the query makes a job, the linked export: it is of one that was accepted. */
const refusedByDestination = (held: Report): Course => ({
  name: "a query whose destination refuses its rows",
  left: [
    {
      what: "an end in success",
      needs: "a change of a job",
      send: (service) => service.finish(held, { output_error: "the table is gone" }),
      wrong: async (_, service) => {
        const { linked_result_export_job_id: linked } = (await service.show(held.job_id)).body;
        const { body } = await service.show(String(linked));
        return body["status"] === "error"
          ? null
          : `its export ${String(linked)} is ${String(body["status"])}`;
      },
    },
  ],
  job: () => held.job_id,
  ends: "success",
});

async function alreadyEnded(held: Report, before: Service): Promise<Course> {
  await before.finish(held, failure);
  const left = [{ ...kill(held.job_id, "error"), needs: "no room for jobs" } as const];
  return { name: "a job that has ended", left, job: () => held.job_id, ends: "error" };
}

async function deletions({ input }: Order, before: Service): Promise<Course[]> {
  const unique = String(input["domain_key"]).replaceAll(/\W/g, "_");
  const own = { database: `database_${unique}`, table: `table_${unique}` };
  const [shop, named] = [{ database: "shop" }, { name: unique }];
  const made: [OperationId, object, OperationId, object][] = [
    ["database.create", { database: own.database }, "database.delete", { database: own.database }],
    [
      "table.create",
      { ...shop, table: own.table, type: "log" },
      "table.delete",
      { ...shop, table: own.table },
    ],
    ["bulk_import.create", { ...named, ...shop, table: "orders" }, "bulk_import.delete", named],
    [
      "scheduled_query.create",
      { ...named, ...shop, query: "SELECT 1", type: "presto" },
      "scheduled_query.delete",
      named,
    ],
  ];
  const courses: Course[] = [];
  for (const [create, input, remove, which] of made) {
    await before.ask("customer", create, { ...input });
    const step: Step = {
      what: remove,
      needs: "no room for jobs",
      send: (service) => service.ask("customer", remove, { ...which }),
    };
    courses.push({ name: "what is no job", left: [step], job: null, ends: null });
  }
  return courses;
}
