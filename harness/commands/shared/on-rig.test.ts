import { expect, test } from "vitest";
import { InfrastructureError } from "../../errors.ts";
import type { Report } from "../../report/report.ts";
import type { OpenRig } from "../../rigs/rig.ts";
import type { Verdict } from "../../verdict.ts";
import { onRig } from "./on-rig.ts";

const trouble = new InfrastructureError({
  component: "docker",
  expected: "it to remove what was started",
  happened: "it does not answer",
  next: "see whether it runs",
});
const reportOf = (verdict: Verdict): Report => ({
  title: "",
  verdict,
  reasons: [],
  millis: 1,
  cases: [],
  text: "",
  data: {},
});
/** A rig that ends so. */
const rigWith = (end: () => Promise<void>) => async (): Promise<OpenRig> => ({
  run: async () => [],
  limits: {} as OpenRig["limits"],
  folders: [],
  [Symbol.asyncDispose]: end,
});
const fails = async () => {
  throw trouble;
};

const full = async () => {
  throw Object.assign(new Error("no space left on device"), { code: "ENOSPC", path: "/run" });
};

test.each([
  ["for trouble of its own", fails, "docker: expected it to remove"],
  ["for a limit of this machine", full, "no space left on device"],
])("a violation stands where the rig cannot be removed %s, which is told", async (_, end, told) => {
  const noted: string[] = [];
  const report = reportOf("violation");
  expect(
    await onRig(
      rigWith(end),
      async () => report,
      (line) => noted.push(line),
    ),
  ).toBe(report);
  expect(noted).toEqual([expect.stringContaining(told)]);
});

test("nothing else does", async () => {
  const judged = async () => reportOf("pass");
  await expect(onRig(rigWith(fails), judged, () => {})).rejects.toBe(trouble);
});

test("what fails before there is a report is told with what fails then", async () => {
  const first = new InfrastructureError({ component: "api", expected: "it", happened: "gone", next: "look" });
  const judged = async () => {
    throw first;
  };
  await expect(
    onRig(
      rigWith(async () => {}),
      judged,
      () => {},
    ),
  ).rejects.toBe(first);
  await expect(onRig(rigWith(fails), judged, () => {})).rejects.toThrow(/gone; nor could what was started/);
});
