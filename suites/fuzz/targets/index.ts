import type { Target } from "../target.ts";
import { api } from "./api.ts";
import { configs } from "./config.ts";
import { counterexamples, schedules } from "./documents.ts";
import { histories } from "./history.ts";
import { httpMessages, httpProxy } from "./http-proxy.ts";
import { mysqlProxy } from "./mysql-proxy.ts";
import { results } from "./results.ts";

/** Each takes what its own inputs make, so they can be driven alike. */
const alike = <Input>(target: Target<Input>): Target => target as unknown as Target;

/** Whatever takes in what others wrote, by the name of its folder of cases. */
export const targets: Readonly<Record<string, Target>> = {
  api: alike(api),
  config: alike(configs),
  counterexample: alike(counterexamples),
  history: alike(histories),
  "http-messages": alike(httpMessages),
  "http-proxy": alike(httpProxy),
  "mysql-proxy": alike(mysqlProxy),
  result: alike(results),
  schedule: alike(schedules),
};
