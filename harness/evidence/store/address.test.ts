import { describe, expect, test } from "vitest";
import { isStore, storeAddress } from "./address.ts";

const usual = { host: "db.test", port: 3306, user: "writer", password: "", database: "evidence", tls: false };

test.each<[string, object]>([
  ["mysql://writer@db.test/evidence", {}],
  ["mysql://writer:p%40ss@db.test:3307/evidence", { port: 3307, password: "p@ss" }],
  ["mysql://writer@[::1]/evidence?tls=true", { host: "::1", tls: true }],
])("%s", (url, more) => {
  expect(storeAddress(url, {})).toEqual({ ...usual, ...more });
});

test("a password that the URL does not have comes from the environment", () => {
  const env = { INTERLOCK_STORE_PASSWORD: "from outside" };
  expect(storeAddress("mysql://writer@db.test/evidence", env).password).toBe("from outside");
  expect(storeAddress("mysql://writer:own@db.test/evidence", env).password).toBe("own");
});

describe("is refused without being repeated", () => {
  test.each([
    "mysql://db.test/evidence",
    "mysql://writer:secret@db.test/",
    "mysql://writer:secret@db.test/evidence/more",
    "mysql://writer:secret@db.test/ev`idence",
    "mysql://writer:secret@db.test/evidence?ssl=1",
    "mysql://writer:secret@db.test/evidence?tls=yes",
    "mysql://writer:secret%@db.test/evidence",
    "mysql:secret",
    "http://writer:secret@db.test/evidence",
  ])("%s", (url) => {
    let said = "nothing";
    try {
      storeAddress(url, {});
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toMatch(/^the store: /);
    expect(said).not.toContain("secret");
  });
});

test("a folder is none, whatever its name", () => {
  expect(["runs", "./mysql", "/mysql:/x", "mysql://x/y"].map(isStore)).toEqual([false, false, false, true]);
});
