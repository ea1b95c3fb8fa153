/** What of a system's cost is counted. All are counts, none is a time: those hold on any machine. */
export interface Measure {
  unit: string;
  /** Smaller differences are noise: the count varies by this much between two runs of the same build. */
  slack: number;
}

export const measures = {
  statements: { unit: "statements", slack: 0 },
  rowsExamined: { unit: "rows examined", slack: 10 },
  connections: { unit: "connections", slack: 0 },
  openConnections: { unit: "open connections", slack: 2 },
  bytesRead: { unit: "bytes read", slack: 300 },
  bytesWritten: { unit: "bytes written", slack: 200 },
  bytesStored: { unit: "MiB stored", slack: 4 },
  lockWaits: { unit: "lock waits", slack: 3 },
  calls: { unit: "calls", slack: 0.3 },
  idleCalls: { unit: "calls a second", slack: 0.15 },
  idleStatements: { unit: "statements a second", slack: 0.5 },
  openFiles: { unit: "open files", slack: 8 },
  memory: { unit: "MiB of memory", slack: 32 },
  failures: { unit: "answers of 5xx", slack: 0 },
  unfinished: { unit: "jobs that did not end in success", slack: 0 },
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof measures;
export const measureNames = Object.keys(measures) as MeasureName[];

/** Measures that must be nothing, whatever the deployed build does. */
export const mustBeNothing: ReadonlySet<MeasureName> = new Set(["failures", "unfinished"]);
