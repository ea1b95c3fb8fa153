import { expect, test } from "vitest";
import { configFile, openPlace } from "./place.ts";

/** The cost of a candidate in the smallest load, by what a job's life takes; all operations are counted at night. */

const load = ["--finished", "1000", "--jobs", "30"];
const cost = (api: string) => [
  "cost",
  "--config",
  configFile("standard/few-operations"),
  "--api",
  api,
  ...load,
];

interface Told {
  verdict: string;
  uncompared: Record<string, string>;
  compared: readonly { of: string; unit: string; isRed: boolean; grown: readonly { text: string }[] }[];
}

test("an API that answers rightly and costs more is red in what it costs, with the statement", async () => {
  await using place = await openPlace();
  const { exitCode, stdout } = await place.interlock([...cost("costs-more"), "--json"]).ended;
  const { verdict, uncompared, compared } = JSON.parse(stdout) as Told;
  expect({ exitCode, verdict, uncompared }).toEqual({ exitCode: 1, verdict: "violation", uncompared: {} });
  const red = compared.filter(({ isRed }) => isRed);
  const told = red.map(({ of, unit }) => `${of.split(",", 1)[0]}: ${unit}`);
  expect(told).toEqual(
    expect.arrayContaining([
      "job.issue: statements",
      "worker.heartbeat: bytes written",
      "job.show: connections",
    ]),
  );
  // What it does as before costs what it did.
  expect(told.filter((one) => /^(job\.kill|database\.|table\.|system\.)/.test(one))).toEqual([]);
  const grown = red.flatMap((one) =>
    one.of.startsWith("job.issue") && one.unit === "statements" ? one.grown.map(({ text }) => text) : [],
  );
  expect(grown.join("\n")).toContain("INSERT INTO `worker_tokens`");
});
