import { defineConfig } from "interlock";
import fixtures from "../../../interlock.config.ts";

/** A matrix that is soon run and judged, and has a scenario of each kind. */
export const few = [
  "web",
  "mysql-append",
  "no-output",
  "insert-into",
  "create-table",
  "destination-refuses",
  "killed",
];

export default defineConfig((context) => {
  const config = fixtures(context);
  return { ...config, scenarios: config.scenarios.filter(({ name }) => few.includes(name)) };
});
