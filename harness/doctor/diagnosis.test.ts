import { expect, test } from "vitest";
import { diagnose, inText } from "./diagnosis.ts";
import { healthy } from "./testing/facts.ts";

test("a healthy machine is told as one, with every check", () => {
  const diagnosis = diagnose(healthy);
  expect(diagnosis).toMatchObject({ health: "ok", counts: { warn: 0, fail: 0, unknown: 0 } });
  expect(diagnosis.counts.ok).toBeGreaterThanOrEqual(40);
  expect(inText(diagnosis)).not.toContain("next:");
});

test("names are told once: they stand in machine-readable output", () => {
  const names = Object.values(diagnose(healthy).checks).flatMap((all) => all.map(({ name }) => name));
  expect(names).toEqual([...new Set(names)]);
});

test("the worst decides, and each trouble says what was expected, found and to be done", () => {
  const busy = { ...healthy.machine, load: 99 };
  expect(diagnose({ ...healthy, machine: busy }).health).toBe("warn");
  const file = {
    path: "my.config.ts",
    isThere: true,
    problem: "my.config.ts:\n  api: is empty\n  current: is none",
  };
  const diagnosis = diagnose({ ...healthy, machine: busy, file, system: null, images: null });
  expect(diagnosis).toMatchObject({ health: "fail", counts: { warn: 1, fail: 1 } });
  expect(inText(diagnosis)).toMatch(
    /FAIL config-loads +my.config.ts:\n +api: is empty\n +current: is none\n +expected .*\n +next: /,
  );
});

test("what could not be looked at is counted, and says why", () => {
  const diagnosis = diagnose({ ...healthy, engine: null, images: null });
  expect(diagnosis.checks["engine"]?.at(-1)).toMatchObject({ health: "unknown", found: "no engine answers" });
  expect(diagnosis.counts.unknown).toBeGreaterThan(10);
});
