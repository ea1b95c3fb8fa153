import { describe, expect, test } from "vitest";
import { loadSettings } from "../config/load-config.ts";
import { configDigest, harnessDigest } from "./inputs.ts";

const releases = { api: "current", workers: { v5: "current", v6: "current" } } as const;

describe("the digest of a config", () => {
  test("is the same each time, whatever the secrets of a run are", async () => {
    const [one, other] = [
      await loadSettings("interlock.config.ts"),
      await loadSettings("interlock.config.ts"),
    ];
    expect(configDigest(other.config, releases)).toBe(configDigest(one.config, releases));
  });

  test("is another where anything is started or set otherwise", async () => {
    const { config } = await loadSettings("interlock.config.ts");
    const { mysql, limits, api } = config;
    const current = api["current"] as Extract<(typeof api)[string], { image: string }>;
    const changed = [
      { ...config, limits: { ...limits, jobMs: limits.jobMs + 1 } },
      { ...config, mysql: { ...mysql, init: "SELECT 1" } },
      { ...config, mysql: { ...mysql, command: ["--sync-binlog=1"] } },
      { ...config, api: { ...api, current: { ...current, env: () => ({ FLAG: "off" }) } } },
      { ...config, api: { ...api, current: { ...current, command: ["--flag=off"] } } },
      { ...config, customers: {} },
    ].map((one) => configDigest(one as unknown as typeof config, releases));
    expect(new Set([configDigest(config, releases), ...changed]).size).toBe(changed.length + 1);
  });

  test("is the same where only builds differ, which are known by their own digests", async () => {
    const { config } = await loadSettings("interlock.config.ts");
    const { api } = config;
    const image = { ...(api["current"] as (typeof api)[string]), image: "another" };
    const other = { ...config, api: { ...api, current: image } } as unknown as typeof config;
    expect(configDigest(other, releases)).toBe(configDigest(config, releases));
  });
});

test("the digest of the harness is one of files, and the same each time", async () => {
  const digest = await harnessDigest();
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(await harnessDigest()).toBe(digest);
});
