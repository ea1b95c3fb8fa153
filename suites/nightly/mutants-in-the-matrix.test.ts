import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import type { Mutant } from "../../contracts/in-process.ts";
import { exitCode } from "../../harness/errors.ts";
import type { RunResult } from "../../harness/matrix/result.ts";
import { controls, mutants } from "../trust/mutant-builds.ts";

/** What needs no fault to be wrong is seen by the matrix too, on real MySQL, by the same invariant. */

const root = join(import.meta.dirname, "../..");

/** One of each kind of statement, destination and ending. */
const scenarios = [
  "web",
  "mysql-update",
  "no-output",
  "destination-refuses",
  "killed",
  "insert-into",
  "create-table",
];

async function matrixOf({ id, component, scenarios: own = [] }: Mutant) {
  const { exitCode: code, stdout } = await execa(
    process.execPath,
    [
      join(root, "harness/cli.ts"),
      "run",
      "--json",
      // What no well-behaved caller does brings many of the API to light.
      ...(component === "api" ? ["--probe"] : []),
      "--config",
      join(import.meta.dirname, "mutant.config.ts"),
      ...[...scenarios, ...own].flatMap((name) => ["--cell", `current/*/${name}`]),
    ],
    { cwd: root, reject: false, stdin: "ignore", env: { MUTANT: id, COMPONENT: component } },
  );
  const { cells, loose } = JSON.parse(stdout) as RunResult;
  const broken = cells.flatMap((cell) => cell.violations.map(({ invariant }) => invariant));
  // What is about no job, such as a list as a whole.
  if (loose.length > 0) broken.push("C");
  return { code, broken: [...new Set(broken)].toSorted() };
}

/** Where the matrix sees the same otherwise. */
const seenOtherwise: Readonly<Record<string, string>> = {
  // A web destination takes any user: only the claim tells that it is another one.
  "settings-not-decoded": "C",
};
/** No worker becomes ready whose claims are answered 404: the run has no verdict. */
const neverReady = ["no-job-is-not-found"];
/** They need a second worker of their generation, or more time than a cell has. */
const beyondTheMatrix = [
  "legal-late-report",
  "legal-silent-slow-attempt",
  "legal-rare-polls",
  "legal-slow-query",
];

describe("red by its own invariant", () => {
  const visible = mutants.filter(({ id, minimalFaults }) => minimalFaults === 0 && !neverReady.includes(id));
  test.each(visible)("$id: $invariant", async (mutant) => {
    const { code, broken } = await matrixOf(mutant);
    expect(code).toBe(exitCode.violation);
    expect(broken).toContain(seenOtherwise[mutant.id] ?? mutant.invariant);
  });
});

test.each(controls.filter(({ id }) => !beyondTheMatrix.includes(id)))(
  "$id is legal and green",
  async (control) => {
    expect(await matrixOf(control)).toEqual({ code: exitCode.go, broken: [] });
  },
);
