import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { exitCode } from "../../harness/errors.ts";
import type { RunResult } from "../../harness/matrix/result.ts";
import { controls, mutants } from "../trust/mutant-builds.ts";

/** What needs no fault to be wrong is seen by the matrix too, on real MySQL, by the same invariant. */

const root = join(import.meta.dirname, "../..");

/** One of each kind of statement, destination and ending. */
const scenarios = [
  ...["web", "mysql-update", "no-output", "destination-refuses", "killed"],
  ...["insert-into", "create-table"],
];

async function matrixOf({ id, component }: { id: string; component: string }) {
  const { exitCode: code, stdout } = await execa(
    process.execPath,
    [
      join(root, "harness/cli.ts"),
      ...["run", "--json", "--config", join(import.meta.dirname, "mutant.config.ts")],
      ...scenarios.flatMap((name) => ["--cell", `current/*/${name}`]),
    ],
    { cwd: root, reject: false, stdin: "ignore", env: { MUTANT: id, COMPONENT: component } },
  );
  const { cells } = JSON.parse(stdout) as RunResult;
  const broken = cells.flatMap((cell) => cell.violations.map(({ invariant }) => invariant));
  return { code, broken: [...new Set(broken)].toSorted() };
}

describe("red by its own invariant", () => {
  test.each(mutants.filter(({ minimalFaults }) => minimalFaults === 0))("$id: $invariant", async (mutant) => {
    const { code, broken } = await matrixOf(mutant);
    expect(code).toBe(exitCode.violation);
    expect(broken).toContain(mutant.invariant);
  });
});

test.each(controls)("$id is legal and green", async (control) => {
  expect(await matrixOf(control)).toEqual({ code: exitCode.go, broken: [] });
});
