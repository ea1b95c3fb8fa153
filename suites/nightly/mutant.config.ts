import { join, resolve } from "node:path";
import { defineConfig, type Surroundings } from "../../harness/config/config.ts";
import standard from "../../interlock.config.ts";

/** The usual systems, of which the API or both workers are a mutant, as programs of this machine. */

const { MUTANT: id = "", COMPONENT: component = "" } = process.env;
type Env = (around: Surroundings) => Record<string, string>;

const program = (argv: readonly string[], usual: object) => ({
  command: [
    process.execPath,
    resolve(import.meta.dirname, `../../fixtures/mutants/${component}-main.ts`),
    ...argv,
  ],
  env: (around: Surroundings) => ({
    ...(usual as { env: Env }).env(around),
    HOST: "127.0.0.1",
    BUILD_FILE: resolve(import.meta.dirname, "../containers/fixtures/standard/build.json"),
    OUTBOX_DIR: join(around.folder, "outbox"),
  }),
});

export default defineConfig((context) => {
  const usual = standard(context);
  const limits = { ...usual.limits, ageMs: 1_000 };
  if (component === "api")
    return { ...usual, limits, api: { current: program([id], usual.api["current"] as object) } };
  const workers = Object.entries(usual.workers).map(([name, worker]) => {
    const { generation, engines } = worker;
    return [name, { ...program([id, generation], worker), generation, engines }];
  });
  return { ...usual, limits, workers: Object.fromEntries(workers) as typeof usual.workers };
});
