import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Whether each recipe still works is asked every night; that its patch fits this tree, by every change. */
const folder = join(import.meta.dirname, "recipes");

test.each(readdirSync(folder))("%s can be applied as it is", (patch) => {
  const check = () => execFileSync("git", ["apply", "--check", join(folder, patch)], { stdio: "pipe" });
  expect(check).not.toThrow();
});
