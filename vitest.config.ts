import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// Tests start hundreds of processes of our own: each would compile the same files anew.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, ".interlock/compile-cache");

const unit = [
  "bench/**/*.test.ts",
  "contracts/**/*.test.ts",
  "harness/**/*.test.ts",
  "fixtures/**/*.test.ts",
];
const needsMysql = ["**/*.mysql.test.ts"];
const inProcess = ["suites/incidents/**/*.in-process.test.ts"];
/** What takes too long for every change: `script/test` leaves it out, `script/test --project nightly` runs it. */
const nightly = ["suites/nightly/**/*.test.ts", "suites/incidents/**/*.nightly.test.ts"];

/** Loading the same modules for each file anew took most of the time. What a test changes of the process, it must put back. */
const sharesModules = { isolate: false, unstubEnvs: true, restoreMocks: true } as const;

/** The files that take a minute or more, the longest first: one that starts late has one core alone. */
export const longest = [
  "suites/skew/rollout.test.ts",
  "suites/trust/controls.test.ts",
  "suites/gate/gate.test.ts",
  "suites/gate/ci-templates.test.ts",
  "suites/trust/limits.test.ts",
  "suites/gate/printed-commands.test.ts",
  "suites/trust/explore.test.ts",
  "suites/incidents/2017-10-23-database-upgrade/ten-minutes.in-process.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((file) => moduleId.endsWith(`/${file}`));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/**
 * unit: pure, no engine. mysql: the same kind of test against a real MySQL in a container. suites: questions put to
 * systems in process. containers: the rig and the command line themselves, one file after the other. These four are the
 * tier of a change; nightly is a tier of its own.
 * No `include` at the top: projects would inherit it and run files twice. No retries anywhere: a flaky test is a finding.
 */
export default defineConfig({
  test: {
    reporters: process.env["CI"]
      ? ["default", ["junit", { suiteNameTemplate: "{displayName} {filename}" }]]
      : ["default"],
    outputFile: { junit: ".interlock/junit.xml" },
    passWithNoTests: false,
    // Two cores are two files at once; what must have the machine to itself says `fileParallelism: false`.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          ...sharesModules,
          include: unit,
          exclude: ["**/node_modules/**", ...needsMysql],
          // Properties over thousands of cases take long on a machine that has other things to do.
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "mysql",
          ...sharesModules,
          include: needsMysql,
          exclude: ["**/node_modules/**"],
          globalSetup: "suites/setup/mysql.ts",
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "suites",
          ...sharesModules,
          include: [
            "suites/{contract,fuzz,gate,house,package,report,security,skew,status-sync,trust}/**/*.test.ts",
            ...inProcess,
          ],
          // Whole sweeps, on a machine that may have other things to do.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "containers",
          include: ["suites/{containers,incidents}/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...needsMysql, ...inProcess, ...nightly],
          fileParallelism: false,
          // One that hangs is ended. Whole systems, beside the other projects: a minute alone is two or three then.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "nightly",
          include: nightly,
          fileParallelism: false,
          testTimeout: 2 * 60 * 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
