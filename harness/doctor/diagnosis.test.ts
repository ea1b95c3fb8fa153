import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { notStarted } from "./adapter/adapter.ts";
import { wellAdapted } from "./adapter/testing/facts.ts";
import { diagnose, inText } from "./diagnosis.ts";
import { healthy } from "./testing/facts.ts";

test("a healthy machine is told as one, with every check", () => {
  const diagnosis = diagnose(healthy);
  expect(diagnosis).toMatchObject({ health: "ok", counts: { warn: 0, fail: 0, unknown: 0 } });
  expect(diagnosis.counts.ok).toBeGreaterThanOrEqual(40);
  expect(inText(diagnosis)).not.toContain("next:");
});

test("names are told once: they stand in machine-readable output", () => {
  const all = diagnose({ ...healthy, adapter: notStarted });
  const names = Object.values(all.checks).flatMap((all) => all.map(({ name }) => name));
  expect(names).toEqual([...new Set(names)]);
});

test("docs/package.md names every check, part by part", async () => {
  const page = await readFile("docs/package.md", "utf8");
  const { checks } = diagnose({ ...healthy, adapter: notStarted });
  const rows = Object.entries(checks).map(([part, all]) => {
    const row = new RegExp(`^\\| ${part} +\\|(.*)\\|$`, "m").exec(page)?.[1] ?? "";
    return [part, { told: row.match(/[a-z-]+/g), checks: all.map(({ name }) => name) }] as const;
  });
  for (const [part, { told, checks: names }] of rows) expect({ part, told }).toEqual({ part, told: names });
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

test("an adapter is told of where it was asked for, with what is expected of what is well too", () => {
  expect(inText(diagnose(healthy))).not.toContain("adapter");
  const diagnosis = diagnose({ ...healthy, adapter: wellAdapted });
  expect(diagnosis.health).toBe("ok");
  const text = inText(diagnosis);
  expect(text).toMatch(/ok {3}customer-keys +cdh4\n +expected each customer's key to be let in/);
  expect(text).not.toContain("next:");
  const { api } = wellAdapted;
  const shut = { ...wellAdapted, api: { ...api, keys: [{ what: "cdh4", status: 401 }] } };
  const red = diagnose({ ...healthy, adapter: shut });
  expect([red.health, red.counts.fail]).toEqual(["fail", 1]);
  expect(inText(red)).toMatch(/FAIL customer-keys +cdh4: it was answered with 401\n +expected .*\n +next: /);
});
