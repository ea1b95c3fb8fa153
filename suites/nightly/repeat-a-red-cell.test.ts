import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { openPlace, type Place } from "../containers/place.ts";

/** What the report of a red run offers to do next can be pasted into a shell as it is. */

/** The words that script/compat would be given, which it passes on to `interlock run`. */
const wordsOf = async (command: string, { folder }: Place): Promise<string[]> => {
  const script = `script/compat() { printf '%s\\n' "$@"; }\n${command}`;
  return (await execa("bash", ["-c", script], { cwd: folder })).stdout.split("\n");
};

describe("the report of a red run", () => {
  test("tells one cell in full, names the others that broke the same, and its command repeats that cell", async () => {
    await using place = await openPlace();
    const config = "it's our own.config.ts";
    const standard = resolve(import.meta.dirname, "../../interlock.config.ts");
    await writeFile(join(place.folder, config), `export { default } from ${JSON.stringify(standard)};\n`);
    const run = ["run", "--config", config, "--api", "2015-08-24", "--cell", "2015-08-24/v5-*/*web"];
    const { exitCode, stdout } = await place.interlock(run).ended;
    expect(exitCode).toBe(1);
    const lines = stdout.split("\n");
    expect(lines.filter((line) => line.startsWith("✕ "))).toEqual([
      expect.stringMatching(/^✕ 2015-08-24\/v5-presto\/web, job \d+$/),
    ]);
    expect(lines.filter((line) => line.startsWith("  the same in: "))).toHaveLength(1);
    expect(stdout).toMatch(/ {2}the same in: 2015-08-24\/v5-hive-cdh4\/web, (.+, ){5}… and 7 more$/m);
    expect(lines.length).toBeLessThanOrEqual(40);

    const again = / {2}again: (.*)$/m.exec(stdout)?.[1] ?? "";
    const repeated = await place.interlock(["run", "--json", ...(await wordsOf(again, place))]).ended;

    expect(repeated.exitCode).toBe(1);
    expect(JSON.parse(repeated.stdout)).toMatchObject({
      cells: [{ path: "2015-08-24/v5-presto/web", verdict: "violation" }],
    });
  });
});
