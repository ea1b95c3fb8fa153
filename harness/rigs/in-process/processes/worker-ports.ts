import type {
  Call,
  Link,
  Reply,
  Server,
  SystemLimits,
  WorkerPorts,
} from "../../../../contracts/in-process.ts";
import type { Generation } from "../../../../contracts/job.ts";
import type { LinkName } from "../../../schedule/schedule.ts";
import type { JobNumbers } from "../../job-numbers.ts";
import type { Job } from "../../workload.ts";
import { tokens } from "../accounts.ts";
import type { ApiCall } from "../api-call.ts";
import type { SimulatedProcess } from "../process.ts";
import { serviceMsOf } from "../service-time.ts";
import { type Passage, type Plane, transit } from "../transit.ts";
import type { Transport } from "../transport.ts";

/** What a worker's ports lead to. */
export interface Around {
  plane: Plane;
  transport: Transport;
  numbers: JobNumbers;
  jobs: readonly Job[];
  limits: SystemLimits;
  /** The process of the database; null where nothing happens to it. */
  database: () => SimulatedProcess | null;
  callApi: (
    call: Omit<ApiCall, "api" | "serve" | "limitMs" | "numberIn" | "onHeld" | "customer" | "headers">,
  ) => Promise<Reply>;
}

/** All that a worker knows of the world: every call of it passes the plane of faults. */
export function workerPorts(
  around: Around,
  id: string,
  generation: Generation,
  process: SimulatedProcess,
): WorkerPorts {
  const { plane, transport, numbers, callApi } = around;
  return {
    clock: process.clock(plane.clock),
    random: () => process.random("jitter"),
    id,
    token: tokens[generation],
    api: transport.workerApi(process, (operation, input, signal) => {
      const number = numbers.numberOf(String(input["job_id"])) ?? null;
      const authorization = `Worker ${tokens[generation]}`;
      const link = "worker->api";
      return callApi({ link, by: process, generation, operation, input, number, authorization, signal });
    }),
    warehouse: plainLink(around, "worker->warehouse", process),
    destination: plainLink(around, "worker->destination", process),
    disk: plainLink(around, "worker->disk", process),
  };
}

const plainLink =
  (
    { plane, transport, numbers, jobs, limits, database }: Around,
    link: LinkName,
    by: SimulatedProcess,
  ): Link =>
  <T>({ operation, job, signal }: Call, effect: (server: Server) => Promise<T>): Promise<T> => {
    const number = job === null ? null : (numbers.numberOf(job) ?? null);
    const passage: Passage<T> = {
      link,
      operation,
      job: number,
      by,
      to: link === "worker->warehouse" ? database() : null,
      effect,
      serviceMs: serviceMsOf(operation, jobs[(number ?? 0) - 1]),
      signal,
      ...(link === "worker->destination" ? { limitMs: limits.deliveryTryMs } : {}),
    };
    // What a process does comes in the order in which it does it, by whatever way it goes.
    const begun = transport.begun(by);
    return begun === null ? transit(plane, passage) : begun.then(() => transit(plane, passage));
  };
