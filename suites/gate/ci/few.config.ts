import { defineConfig } from "interlock";
import fixtures from "../../../interlock.config.ts";

/**
 * A matrix that is soon run and judged, and has a scenario of each kind. Every release is taken for one that has no more
 * operations than the oldest: nothing else is asked, and a history is a fifth as long.
 */
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
  // But for what `destination-refuses` takes.
  const lacks = config.api["2026-05"]?.lacks?.filter((operation) => operation !== "job.result_export");
  return {
    ...config,
    api: Object.fromEntries(
      Object.entries(config.api).map(([release, build]) => [release, { ...build, lacks }]),
    ),
    scenarios: config.scenarios.filter(({ name }) => few.includes(name)),
  };
});
