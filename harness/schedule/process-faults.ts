import { z } from "zod";
import { stepOf } from "../../contracts/steps.ts";
import type { Millis } from "../../contracts/values.ts";
import { faultKind, millis, mostMillis } from "./fault-kind.ts";
import { printMillis } from "./print-millis.ts";
import { endsOf, type LinkName, links, type ProcessName, processes, type Site } from "./site.ts";

/** The kinds of fault that befall a process, or the clock that it reads. */

/** A restart, well within a lease. */
const restartMs: Millis = 5_000;
/** Between the signal to end and the end by force, as `docker stop` has it: room for the stop paths of the fixtures. */
const graceMs: Millis = 10_000;

/** What may be asked to end, and reads a clock of its own. */
const programs = ["api", "worker"] as const;
/** Which of its processes, by name (`api-2`, `worker-v5-1`). Absent: the one at the call. */
const named = { name: z.string().min(1).optional() };
const meant = ({ process, name }: { process: ProcessName; name?: string | undefined }) => ({
  process,
  ...(name === undefined ? {} : { name }),
});
const told = ({ process, name }: { process: ProcessName; name?: string | undefined }): string =>
  name ?? `the ${process}`;
const itsMs = ({ ms }: { ms: Millis }) => ms;
const itsProcess = <P extends ProcessName>({ process }: { process: P }) => process;
const within = (ms: Millis): string => `killed if it has not ended after ${printMillis(ms)}`;

/** What asks a process to end, or moves its clock, breaks no call: of two places between which it does nothing one will do. */
const afterCallsOn =
  (...own: readonly LinkName[]) =>
  ({ link, phase }: Site): boolean =>
    phase === "after" && own.includes(link);
const linksOfWorker = links.filter((link) => endsOf[link].includes("worker"));

export const processKinds = [
  /** The process dies here and is started again after so long; null: never. */
  faultKind(
    "kill",
    { process: z.enum(processes), ...named, ms: millis.nullable() },
    {
      links,
      processes,
      process: itsProcess,
      lastsMs: ({ ms }) => ms,
      words: ({ ms, ...one }) =>
        `kill ${told(one)}${ms === null ? " for ever" : `, up again after ${printMillis(ms)}`}`,
      samples: [
        { kind: "kill", process: "api", ms: restartMs },
        { kind: "kill", process: "worker", ms: restartMs },
        { kind: "kill", process: "worker", ms: null },
        { kind: "kill", process: "database", ms: restartMs },
      ],
      // A worker that dies before a call has done what it had done after the call before that.
      pairsAt: ({ phase }, { process }) => process !== "worker" || phase === "after",
      random: ({ fc, length }) => [
        fc.record({
          kind: fc.constant("kill" as const),
          process: fc.constantFrom(...processes),
          ms: length,
        }),
        fc.constant({ kind: "kill", process: "worker", ms: null } as const),
      ],
      effect: ({ ms, ...one }) => ({ does: "kill", ...meant(one), back: { ms } }),
    },
  ),
  /** The process stands still for so long and then goes on, unaware. */
  faultKind(
    "pause",
    { process: z.enum(processes), ...named, ms: millis },
    {
      links,
      processes,
      process: itsProcess,
      lastsMs: itsMs,
      words: ({ ms, ...one }) => `pause ${told(one)} for ${printMillis(ms)}`,
      samples: [
        { kind: "pause", process: "api", ms: 11_000 },
        { kind: "pause", process: "worker", ms: 35_000 },
        { kind: "pause", process: "database", ms: 11_000 },
      ],
      random: ({ fc, length }) => [
        fc.record({
          kind: fc.constant("pause" as const),
          process: fc.constantFrom(...processes),
          ms: length,
        }),
      ],
      effect: ({ ms, ...one }) => ({ does: "pause", ...meant(one), ms }),
    },
  ),
  /**
   * A version step: the process ends here and is this release of its component when it is up again after so long. With
   * `graceMs` it is asked to end, as by a stop.
   */
  faultKind(
    "version",
    {
      process: z.enum(programs),
      ...named,
      release: z.string().min(1),
      ms: millis,
      graceMs: millis.optional(),
    },
    {
      links,
      processes: programs,
      process: itsProcess,
      lastsMs: ({ ms, graceMs: grace = 0 }) => grace + ms,
      words: ({ release, ms, graceMs: grace, ...one }) => {
        const asked = grace === undefined ? "" : `, asked to end and ${within(grace)}`;
        return `${told(one)} becomes release ${release}${asked}, up again after ${printMillis(ms)}`;
      },
      samples: [],
      random: () => [],
      effect: ({ release, ms, graceMs: grace, ...one }) =>
        grace === undefined
          ? { does: "kill", ...meant(one), back: { ms, release } }
          : { does: "stop", ...meant(one), graceMs: grace, back: { ms, release } },
    },
  ),
  /** The process is asked to end and goes its own way down; it is started again so long after its end; null: never. */
  faultKind(
    "stop",
    { process: z.enum(programs), ...named, graceMs: millis, ms: millis.nullable() },
    {
      links,
      processes: programs,
      process: itsProcess,
      lastsMs: ({ graceMs: grace, ms }) => (ms === null ? null : grace + ms),
      words: ({ graceMs: grace, ms, ...one }) =>
        `ask ${told(one)} to end${ms === null ? " for ever" : ""}, ${within(grace)}${ms === null ? "" : `, up again ${printMillis(ms)} later`}`,
      samples: [
        { kind: "stop", process: "api", graceMs, ms: restartMs },
        { kind: "stop", process: "worker", graceMs, ms: restartMs },
      ],
      pairsAt: (at, { process }) =>
        afterCallsOn(...(process === "api" ? (["api->database"] as const) : linksOfWorker))(at),
      random: ({ fc, length }) => [
        fc.record({
          kind: fc.constant("stop" as const),
          process: fc.constantFrom(...programs),
          graceMs: length,
          ms: length,
        }),
        fc.record({
          kind: fc.constant("stop" as const),
          process: fc.constant("worker" as const),
          graceMs: length,
          ms: fc.constant(null),
        }),
      ],
      effect: ({ graceMs: grace, ms, ...one }) => ({
        does: "stop",
        ...meant(one),
        graceMs: grace,
        back: { ms },
      }),
    },
  ),
  /**
   * The next life of a process begins here beside it, under a name of its own: that of a worker with a disk of its own, that
   * of an API takes its share of all calls. So long after it this one is given no more calls and asked to end, and does not
   * come back.
   */
  faultKind(
    "surge",
    {
      process: z.enum(programs),
      ...named,
      ms: millis,
      graceMs: millis,
      /** Absent: the next life is what this one is. */
      release: z.string().min(1).optional(),
    },
    {
      links,
      processes: programs,
      process: itsProcess,
      lastsMs: ({ ms, graceMs: grace }) => ms + grace,
      words: ({ ms, graceMs: grace, release, ...one }) =>
        `the next life of ${told(one)} begins${release === undefined ? "" : ` as release ${release}`}; after ${printMillis(ms)} this one is asked to end, ${within(grace)}`,
      samples: [{ kind: "surge", process: "worker", ms: restartMs, graceMs }],
      pairsAt: afterCallsOn("worker->api"),
      random: ({ fc, length }) => [
        fc.record({
          kind: fc.constant("surge" as const),
          process: fc.constant("worker" as const),
          ms: length,
          graceMs: length,
        }),
      ],
      effect: ({ ms, graceMs: grace, release, ...one }) => ({
        does: "surge",
        ...meant(one),
        ms,
        graceMs: grace,
        ...(release === undefined ? {} : { release }),
      }),
    },
  ),
  /** The time of day that the process reads jumps by so much, back where it is negative, and goes on from there. */
  faultKind(
    "clock",
    { process: z.enum(programs), ...named, ms: z.int().min(-mostMillis).max(mostMillis) },
    {
      links,
      processes: programs,
      process: itsProcess,
      // Leases are counted by the API's clock: set back, it lets them last for so much longer.
      lastsMs: ({ process, ms }) => (process === "api" ? Math.max(0, -ms) : 0),
      words: ({ ms, ...one }) =>
        `the clock of ${told(one)} jumps ${ms < 0 ? "back" : "ahead"} by ${printMillis(Math.abs(ms))}`,
      samples: [
        { kind: "clock", process: "api", ms: 35_000 },
        { kind: "clock", process: "api", ms: -35_000 },
        { kind: "clock", process: "worker", ms: 660_000 },
        { kind: "clock", process: "worker", ms: -660_000 },
      ],
      // The API reads it in every transaction, and a worker's limits count from its claim.
      pairsAt: ({ link, phase, operation, job }, { process }) =>
        process === "api"
          ? link === "api->database" && phase === "before"
          : stepOf(operation) === "grant" && phase === "after" && job !== null,
      random: ({ fc, length }) => [
        fc
          .record({ process: fc.constantFrom(...programs), ms: length, ahead: fc.boolean() })
          .map(({ process, ms, ahead }) => ({ kind: "clock", process, ms: ahead ? ms : -ms }) as const),
      ],
      effect: ({ ms, ...one }) => ({ does: "skew", ...meant(one), ms }),
    },
  ),
] as const;
