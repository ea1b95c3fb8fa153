import { setTimeout as wait } from "node:timers/promises";
import type { Millis } from "../../../contracts/values.ts";
import type { Store } from "../../../fixtures/api/store/store.ts";
import { watchedGrowth } from "../../../fixtures/api/upkeep/growth.ts";
import type { TableSize } from "../../../fixtures/api/upkeep/table-size.ts";
import { watchedRoom } from "../../../fixtures/api/upkeep/watched-room.ts";
import { type Answer, type Report, type Service, serviceOver } from "../reference/service.ts";
import { Watched } from "./evening.ts";
import { claim, prepared } from "./orders.ts";
import { type Course, failure, type Needs, ofEach, ofOthers } from "./reserve-courses.ts";

/** Every call that orders a job or changes one, while there is room, while only the reserve is left, and without it. */

export const states = ["room", "reserve", "full"] as const;
export type State = (typeof states)[number];

/** What must become of a call. */
type Must = "taken" | "refused" | "either";
const must: Readonly<Record<Needs, Readonly<Record<State, Must>>>> = {
  "a new job": { room: "taken", reserve: "refused", full: "refused" },
  "a job that is there": { room: "taken", reserve: "either", full: "either" },
  "a change of a job": { room: "taken", reserve: "taken", full: "either" },
  "no room for jobs": { room: "taken", reserve: "taken", full: "taken" },
};

export const limit = { limitBytes: 29 * 2 ** 20, reserveBytes: 10 * 2 ** 20 };

/** Where jobs are stored. */
export interface Place {
  store: Store;
  measure(): Promise<TableSize>;
  bring(to: State): Promise<void>;
  makeRoom(): Promise<void>;
}

type Wanted = Pick<NonNullable<Parameters<typeof serviceOver>[1]>, "build" | "guarded">;
const minuteMs: Millis = 60_000;

/** What was wrong about it; none is right. */
export async function throughReserve(place: Place, state: State, wanted: Wanted = {}): Promise<string[]> {
  const clock = { passed: 0, now: () => Date.now() + clock.passed };
  // Another process, which took jobs while there was room.
  const before = await serviceOver(place.store, { ...wanted, clock });
  const given = await accepted(before);
  await place.bring(state);
  const growth = watchedGrowth(place.store);
  const room = watchedRoom({ measure: () => place.measure(), growth, limit, clock, log: () => {} });
  const service = await serviceOver(place.store, { ...wanted, clock, room });
  const evening = new Evening(service, given);

  for (const course of evening.courses) await evening.follow(course, state);
  clock.passed += 2 * minuteMs;
  await evening.issueDue(state);
  await evening.claimAll(must["a change of a job"][state]);
  await evening.lookAt();
  evening.requireRefusals(state);

  await place.makeRoom();
  await evening.untilRoomIsKnown(() => (clock.passed += minuteMs));
  for (const course of evening.courses) await evening.follow(course, "room");
  await evening.issueDue("room");
  await evening.claimAll("taken");
  await evening.endAll();
  await evening.dropScheduled();
  return evening.watched.wrong;
}

interface Given {
  courses: Course[];
  /** A query that is due each minute. */
  scheduled: { name: string; firstDue: Millis };
}

async function accepted(before: Service): Promise<Given> {
  const orders = [];
  for (const of of ofEach) orders.push({ of, all: await prepared(before) });
  const courses: Course[] = [];
  const others = await ofOthers(before);
  // Whatever runs has been claimed before anything waits.
  for (const runs of [true, false])
    for (const { of, all } of orders)
      if (of.runs === runs) for (const order of all) courses.push(await of.course(order, before));
  courses.push(...others);
  const name = `due_${courses[0]?.job?.()}`;
  const query = { name, cron: "* * * * *", type: "presto", database: "shop", query: "SELECT 1" };
  const { body } = await before.ask("customer", "scheduled_query.create", query);
  return { courses, scheduled: { name, firstDue: Date.parse(String(body["start"])) } };
}

const dueTimes = (first: Millis, last: Millis): Millis[] =>
  Array.from({ length: Math.floor((last - first) / minuteMs) + 1 }, (_, n) => first + n * minuteMs);

class Evening {
  readonly watched: Watched;
  readonly courses: readonly Course[];
  private readonly service: Service;
  private readonly scheduled: Given["scheduled"];
  private readonly handedOut: Report[] = [];
  private due: { job: string; at: Millis }[] = [];
  /** The job by which it is seen that there is room. */
  private first: string[] = [];

  constructor(service: Service, { courses, scheduled }: Given) {
    this.service = service;
    this.watched = new Watched(service);
    this.courses = courses;
    this.scheduled = scheduled;
  }

  /** Until the first call that is refused; from there it is followed the next time. */
  async follow(course: Course, state: State): Promise<void> {
    for (let step = course.left[0]; step !== undefined; step = course.left[0]) {
      const what = `${state}: ${course.name}: ${step.what}`;
      const answer = await step.send(this.service);
      if (!this.isTaken(what, answer, must[step.needs][state], step.taken ?? 200)) return;
      const wrong = (await step.wrong?.(answer, this.service)) ?? null;
      this.watched.say(wrong === null, `${what}: ${wrong}`, answer);
      course.left.shift();
    }
  }

  /** A table that is full has refused something that its reserve would have taken, or it was not full. */
  requireRefusals(state: State): void {
    const isAny = this.courses.some(({ left }) => left[0]?.needs === "a change of a job");
    this.watched.say(
      isAny === (state === "full"),
      `${state}: changes of jobs are${isAny ? "" : " not"} refused`,
    );
  }

  private isTaken(what: string, answer: Answer, expected: Must, taken: number): boolean {
    if (answer.status === taken) {
      this.watched.say(expected !== "refused", `${what} is taken`, answer);
      return true;
    }
    if (expected === "taken") this.watched.say(false, `${what} is not taken`, answer);
    else this.watched.refused(what, answer);
    return false;
  }

  async issueDue(state: State): Promise<void> {
    await this.watched.issueDue();
    const { name, firstDue } = this.scheduled;
    const runs = await this.watched.runs(name);
    const now = this.service.clock.now();
    const isTaken = must["a new job"][state] === "taken";
    const due = isTaken ? dueTimes(firstDue, now) : this.due.map(({ at }) => at);
    const told = runs.map(({ at }) => at);
    const are = `${state}: due times have jobs at ${told.join(", ")} in the place of ${due.join(", ")}`;
    this.watched.say(told.join() === due.join(), are);
    this.due = runs;
  }

  /** Until nothing waits any more. */
  async claimAll(expected: Must): Promise<void> {
    for (;;) {
      const answer = await claim(this.service);
      if (!this.isTaken("a claim", answer, expected, 200) || answer.body["job"] === null) return;
      this.handedOut.push(answer.body["job"] as Report);
    }
  }

  /** Every accepted job is there, as it must be. */
  async lookAt(): Promise<void> {
    for (const { name, job, ends, left } of this.courses) {
      const id = job?.() ?? null;
      if (id === null) continue;
      const as = left.length === 0 && ends !== null ? [ends] : ["queued", "booting", "running"];
      await this.watched.status(id, as, `${name}: the job that was accepted is not ${as.join(", ")}`);
    }
  }

  /** A process that refuses measures again; whoever it refuses meanwhile is told so. */
  async untilRoomIsKnown(pass: () => void): Promise<void> {
    pass();
    const order = { query: "SELECT 'room'", domain_key: `room_${this.scheduled.name}` };
    for (let tries = 0; tries < 200; tries += 1) {
      const answer = await this.service.issue(order);
      if (answer.status === 200) return void this.first.push(String(answer.body["job_id"]));
      this.watched.refused("an order before it is measured anew", answer);
      await wait(20);
    }
    this.watched.say(false, "a process never finds that there is room again");
  }

  /** Else it is due once more in whatever the same table is used for next. */
  async dropScheduled(): Promise<void> {
    const { name } = this.scheduled;
    const dropped = await this.service.ask("customer", "scheduled_query.delete", { name });
    this.watched.say(dropped.status === 200, `a scheduled query cannot be deleted: ${dropped.status}`);
  }

  async endAll(): Promise<void> {
    const known = new Set(this.handedOut.map(({ job_id }) => job_id));
    this.watched.say(known.size === this.handedOut.length, "a job is handed out twice");
    const ofJobs = this.courses.flatMap(({ job, ...course }) =>
      job === null ? [] : [{ ...course, id: job() ?? `none of ${course.name}` }],
    );
    const waited = ofJobs.flatMap(({ id, ends }) => (ends === null ? [id] : []));
    const expected = [...waited, ...this.due.map(({ job }) => job), ...this.first];
    const lost = expected.filter((id) => !known.delete(id));
    this.watched.say(lost.length === 0, `jobs that were accepted are not handed out: ${lost.join(", ")}`);
    this.watched.say(known.size === 0, `jobs that nobody ordered: ${[...known].join(", ")}`);
    for (const report of this.handedOut)
      this.watched.taken("an end", await this.service.finish(report, failure));
    for (const { name, id, ends } of ofJobs) {
      const as = ends ?? "error";
      await this.watched.status(id, [as], `${name}: the job is not ${as} in the end`);
    }
  }
}
