import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryStore } from "../../../fixtures/api/store/memory.ts";
import { mysqlStore } from "../../../fixtures/api/store/mysql.ts";
import type { Store } from "../../../fixtures/api/store/store.ts";
import { type TestSchema, testSchema } from "../../../fixtures/api/testing/mysql.ts";
import { standardBuild } from "../../../fixtures/build.ts";
import takesParts from "../../../fixtures/mutants/api/imports/frozen-takes-parts.ts";
import stuck from "../../../fixtures/mutants/api/imports/killed-perform-leaves-it.image.ts";
import tooEarly from "../../../fixtures/mutants/api/imports/ready-before-its-job-ends.image.ts";
import whatever from "../../../fixtures/mutants/api/imports/ready-whatever-its-job.ts";
import stale from "../../../fixtures/mutants/api/imports/session-seen-late.ts";
import { serviceOver } from "../reference/service.ts";
import { agreeing, type Move, moves, Session } from "./session.ts";

/** docs/incidents.md, 2017-10-23, Bulk Import. */

let schema: TestSchema;
beforeAll(async () => {
  schema = await testSchema("bulk_import");
});
afterAll(() => schema.drop());

/** What makes the build that is tried out of the standard one. */
type Patch = (build: typeof standardBuild) => typeof standardBuild;
const repaired: Patch = (build) => build;

async function sessionOn(store: Store, patch: Patch, now: () => number): Promise<Session> {
  const service = await serviceOver(store, { build: patch(standardBuild), clock: { now } });
  const session = new Session(service, now, `sess_${now()}`);
  await session.open();
  return session;
}

/** What is wrong once all is over, in words. */
async function wrongWith(session: Session): Promise<string[]> {
  const end = await session.toTheEnd();
  return [...session.departures(), ...(agreeing.has(end) ? [] : [end])];
}

async function afterAllOf(program: readonly Move[], session: Session): Promise<string[]> {
  for (const move of program) await session.move(move);
  return wrongWith(session);
}

async function inMemory(patch: Patch, program: readonly Move[]) {
  let at = Date.UTC(2017, 9, 23);
  return afterAllOf(program, await sessionOn(memoryStore(), patch, () => (at += 500)));
}

/** The real clock; no two moments are the same, so that what came first is known. */
let last = 0;
const now = () => (last = Math.max(last + 1, Date.now()));

async function onMysql(patch: Patch): Promise<Session> {
  await schema.clear();
  return sessionOn(mysqlStore(schema.pool), patch, now);
}

/** The shortest order that the search finds in which this is said to be wrong; null where there is none. */
async function found(patch: Patch, what = ""): Promise<Move[] | null> {
  const property = fc.asyncProperty(
    fc.array(fc.constantFrom(...moves), { minLength: 3, maxLength: 20 }),
    async (program) =>
      !(await inMemory(patch, ["perform", ...program])).some((wrong) => wrong.includes(what)),
  );
  const { counterexample } = await fc.check(property, { numRuns: 500, seed: 20171023 });
  return counterexample ? ["perform", ...counterexample[0]] : null;
}

describe("calls one after the other", () => {
  test("in whatever order, a session says what its job has come to", async () => {
    expect(await found(repaired)).toBeNull();
  });

  test.each([
    ["is ready before its job has ended", tooEarly, "perform killed, session ready"],
    ["is ready early and committed meanwhile", tooEarly, "taken although the session was performing"],
    ["is ready whatever its job has come to", whatever, "perform killed, session ready"],
    ["stays performing for ever", stuck, "perform killed, session performing"],
    ["is shown as it was before", stale, 'bulk_import.show: status: expected "ready"'],
  ])("that a session %s is found, and seen again on MySQL", async (_, { patch }, what) => {
    const program = (await found(patch, what)) ?? [];
    expect(program.length).toBeLessThan(8);
    const wrong = expect.arrayContaining([expect.stringContaining(what)]);
    expect(await inMemory(patch, program)).toEqual(wrong);
    expect(await afterAllOf(program, await onMysql(patch))).toEqual(wrong);
    expect(await afterAllOf(program, await onMysql(repaired))).toEqual([]);
  });
});

describe("calls at once, on MySQL", () => {
  const rounds = 20;

  /** What was wrong in rounds in which calls came at once, after others. */
  async function overlapping(patch: Patch, before: readonly Move[], atOnce: readonly Move[]) {
    const session = await onMysql(patch);
    const wrong: string[] = [];
    for (let round = 0; round < rounds && wrong.length === 0; round += 1) {
      for (const move of before) await session.move(move);
      await Promise.all(atOnce.map((move) => session.move(move)));
      wrong.push(...(await wrongWith(session)));
      await session.again();
    }
    return wrong;
  }

  const queued: readonly Move[] = ["perform"];
  /** The worker has done its work, and has yet to say so. */
  const done: readonly Move[] = ["perform", "work", "work", "work", "work", "work"];

  test.each([
    [queued, ["work", "kill"]],
    [queued, ["work", "kill", "perform", "show"]],
    [done, ["work", "kill"]],
    [done, ["work", "kill", "show", "show"]],
    [done, ["kill", "kill", "work"]],
    [done, ["work", "perform", "kill"]],
    [done, ["work", "commit", "kill"]],
    [done, ["work", "commit", "commit"]],
  ] as const)("after %j, %j leave a session that says what its job has come to", async (before, atOnce) => {
    expect(await overlapping(repaired, before, atOnce)).toEqual([]);
  });

  test("one that does not say so is seen", async () => {
    const wrong = expect.stringContaining("perform killed, session performing");
    expect(await overlapping(stuck.patch, queued, ["work", "kill"])).toContainEqual(wrong);
  });

  async function freezing(patch: Patch) {
    const session = await onMysql(patch);
    const wrong: object[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await session.again();
      const { taken, frozen, listed } = await session.freezeUnderUploads(8);
      if (String(taken) !== String(listed) || String(frozen) !== String(listed))
        wrong.push({ taken, frozen, listed });
    }
    return wrong;
  }

  test("a session that is frozen holds the parts that were taken, and gets no more", async () => {
    expect(await freezing(repaired)).toEqual([]);
  });

  test("one that gets another part is seen", async () => {
    expect(await freezing(takesParts.patch)).toHaveLength(rounds);
  });
});
