import type { Generation } from "../../../../contracts/job.ts";
import type { MysqlErrno } from "../../../../contracts/mysql-errors.ts";
import type { Millis } from "../../../../contracts/values.ts";
import type { HttpPlan, HttpRequest } from "../../../proxy/http-proxy.ts";
import type { MysqlCall } from "../../../proxy/mysql-proxy.ts";
import type { CallPlan } from "../../../proxy/way.ts";
import type { LinkName } from "../../../schedule/schedule.ts";

/** Who calls the API over a link of the rig. */
export interface HttpCaller {
  link: "customer->api" | "worker->api";
  /** The process that calls. */
  by: string;
  generation: Generation | null;
}

/** What the schedule that is under way makes of a call; null: it passes untouched and unrecorded. */
export interface Traffic {
  /** How the server refuses new connections on a link at this time. */
  faults: { refusalOn(link: LinkName, now: Millis): MysqlErrno | null };
  httpPlan(caller: HttpCaller, request: HttpRequest): HttpPlan | null;
  /** @param to the destination that the request is for */
  deliveryPlan(to: string, request: HttpRequest): HttpPlan | null;
  /** @param by the process of the API that tells */
  noticePlan?(by: string, request: HttpRequest): HttpPlan | null;
  mysqlPlan(link: "api->database" | "worker->warehouse", by: string, call: MysqlCall): CallPlan<void> | null;
}

/** The schedule that is under way on a rig; null between two. */
export interface Stage {
  traffic: Traffic | null;
  /** How much later than it came each reply of MySQL goes on, in real time; null: at once. */
  replyDelay: (() => Millis) | null;
  /** Processes by the connections that the database gave them; see `connectionIn`. */
  connections: Map<string, string>;
}

/** A connection in one life of a server: each counts its connections from 1 on. */
export const connectionIn = (life: number, thread: number): string => `${life} ${thread}`;
