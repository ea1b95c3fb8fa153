import { defineConfig } from "interlock";
import standard from "../../interlock.config.ts";
import { program } from "../containers/fixtures/program.ts";

/** The usual systems, of which the API or both workers are a mutant, as programs of this machine. */

const { MUTANT: id = "", COMPONENT: component = "" } = process.env;
const main = `mutants/${component}-main.ts`;

export default defineConfig((context) => {
  const usual = standard(context);
  const limits = { ...usual.limits, ageMs: 1_000 };
  if (component === "api")
    return { ...usual, limits, api: { current: program(main, usual.api["current"] as object, [id]) } };
  const workers = Object.entries(usual.workers).map(([name, worker]) => {
    const { generation, engines } = worker;
    return [name, { ...program(main, worker, [id, generation]), generation, engines }];
  });
  return { ...usual, limits, workers: Object.fromEntries(workers) as typeof usual.workers };
});
