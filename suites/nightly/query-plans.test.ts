import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { openPlace } from "../containers/place.ts";

/** The controls of suites/incidents/2017-10-23-first-touch/full-scan.test.ts. */

const shipped = resolve(import.meta.dirname, "../../interlock.config.ts");

test("the API as it is passes with a hundred thousand ended jobs", async () => {
  await using place = await openPlace();
  const { exitCode, stdout } = await place.interlock(["query-plans", "--config", shipped]).ended;
  expect(stdout).toMatch(/^PASS: the plans of \d\d statements, 0 through too many rows;/m);
  expect(exitCode).toBe(0);
});

test("a server that counts nothing is missing", async () => {
  await using place = await openPlace();
  const file = join(place.folder, "uncounted.config.ts");
  await mkdir(place.folder, { recursive: true });
  await writeFile(
    file,
    `import base from ${JSON.stringify(shipped)};
export default (context) => {
  const { queryPlans: { mysqlCommand, ...queryPlans }, ...config } = base(context);
  return { ...config, queryPlans };
};
`,
  );
  const { exitCode, stdout } = await place.interlock(["query-plans", "--config", file]).ended;
  expect(stdout).toContain(
    "? performance_schema is off in the server: start it with --performance-schema=ON",
  );
  expect(exitCode).toBe(2);
});
