import { resolve } from "node:path";
import { defineConfig, type Surroundings } from "interlock";
import standard from "../../../interlock.config.ts";

/**
 * The usual systems, of which both workers are the Python program, or the variant of it that WORKER names. It was
 * written before docs/worker.md had Bulk Import and results into tables of the service, and does not run such jobs.
 */

const { WORKER: file = resolve(import.meta.dirname, "../../../fixtures/workers/python/worker.py") } =
  process.env;

export default defineConfig((context) => {
  const usual = standard(context);
  const workers = Object.entries(usual.workers).map(([name, worker]) => {
    const { generation, engines } = worker;
    const env = "env" in worker && worker.env !== undefined ? worker.env : () => ({});
    const program = {
      command: ["/usr/bin/python3", file],
      patient: true,
      env: (around: Surroundings) => ({
        ...env(around),
        GENERATION: generation,
        DIGEST: "python",
        OUTBOX_DIR: `${around.folder}/outbox`,
      }),
    };
    return [name, { ...program, generation, engines }] as const;
  });
  const scenarios = usual.scenarios.filter(
    ({ statement, output }) => statement.kind !== "bulk-import" && output?.kind !== "td",
  );
  return { ...usual, scenarios, workers: Object.fromEntries(workers) as typeof usual.workers };
});
