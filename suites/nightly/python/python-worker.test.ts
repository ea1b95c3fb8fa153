import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exitCode } from "../../../harness/errors.ts";
import type { RunResult } from "../../../harness/matrix/result.ts";
import { variants } from "./variants.ts";

/**
 * A worker in Python that was written from docs/worker.md alone, by somebody who had read nothing else: green as it is, and
 * red by the right invariant when it is wrong in one place.
 */

const root = resolve(import.meta.dirname, "../../..");
const worker = join(root, "fixtures/workers/python/worker.py");
let source = "";
let folder = "";

beforeAll(async () => {
  await execa(join(root, "script/lib/apt-install"), ["python3-pymysql", "python3-cryptography"]);
  source = await readFile(worker, "utf8");
  folder = await mkdtemp(join(root, ".interlock/python-"));
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function matrixOf(file: string, cells: readonly string[]) {
  const config = join(import.meta.dirname, "python.config.ts");
  const which = cells.flatMap((name) => ["--cell", `current/*/${name}`]);
  const { exitCode: code, stdout } = await execa(
    process.execPath,
    [join(root, "harness/cli.ts"), "run", "--json", "--config", config, ...which],
    { cwd: root, reject: false, stdin: "ignore", env: { WORKER: file } },
  );
  return { code, result: JSON.parse(stdout) as RunResult };
}

test("it is green in the whole matrix", async () => {
  const { code, result } = await matrixOf(worker, []);
  const red = result.cells.filter(({ verdict }) => verdict !== "pass");
  expect({ code, reasons: result.reasons, red: red.map(({ path }) => path) }).toEqual({
    code: exitCode.go,
    reasons: [],
    red: [],
  });
});

describe("a variant that is wrong is red", () => {
  test.each(variants)("$id: $invariant", async ({ id, from, to, invariant, scenarios }) => {
    expect(source.split(from)).toHaveLength(2);
    const file = join(folder, `${id}.py`);
    await writeFile(
      file,
      source.replace(from, () => to),
    );
    const { code, result } = await matrixOf(file, scenarios);
    const broken = result.cells.flatMap((cell) => cell.violations.map((violation) => violation.invariant));
    expect({ code, broken: [...new Set(broken)] }).toEqual({
      code: exitCode.violation,
      broken: expect.arrayContaining([invariant]),
    });
  });
});
