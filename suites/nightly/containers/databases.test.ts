import { join, resolve } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { readEvidence } from "../../../harness/evidence/read.ts";
import type { RunResult } from "../../../harness/matrix/result.ts";
import { configFile, openPlace, type Place } from "../../containers/place.ts";

/** A system on MariaDB: right where it is, and red where it is right on MySQL alone. */

const shipped = resolve(import.meta.dirname, "../../../interlock.config.ts");
const onMariadb = ["run", "--database", "mariadb-10.11", "--json"];

/** The images by component, as the evidence of the one run that was made has them. */
async function imagesIn({ folder, runs }: Place): Promise<Record<string, string>> {
  const [run = ""] = await runs();
  const evidence = await readEvidence(join(folder, ".interlock/runs", run), []);
  if (!("predicate" in evidence)) throw new Error(JSON.stringify(evidence));
  return evidence.predicate.images;
}

test("cells with upserts, renames, roles and streaming pass on MariaDB, which the evidence has by its image", async () => {
  await using place = await openPlace();
  const cells = ["mysql-update", "mysql-replace", "create-table", "insert-into", "streaming-import"];
  const argv = [...onMariadb, "--config", shipped, "--cell", ...cells.map((name) => `*/v5-presto/${name}`)];
  const { exitCode, stdout } = await place.interlock(argv).ended;
  const { cells: judged, loose, uncompared } = JSON.parse(stdout) as RunResult & { uncompared?: unknown };
  expect({ exitCode, loose }).toEqual({ exitCode: 0, loose: [] });
  expect(judged.map(({ path, verdict }) => [path.split("/").at(-1), verdict])).toEqual(
    expect.arrayContaining(cells.map((name) => [name, "pass"])),
  );
  expect(JSON.stringify(uncompared ?? stdout)).toContain("the log of MariaDB does not say who changed a row");
  const { stdout: image } = await execa("docker", [
    "image",
    "inspect",
    "--format",
    "{{.Id}}",
    "interlock/mariadb",
  ]);
  expect(await imagesIn(place)).toMatchObject({ mysql: image, "destination-mysql": image });
});

test("a build whose statements mean another thing on MariaDB is red there, though none of them fails", async () => {
  await using place = await openPlace();
  const config = configFile("databases/written-for-mysql");
  const argv = [...onMariadb, "--config", config, "--probe", "--cell", "*/v5-presto/web"];
  const { exitCode, stdout } = await place.interlock(argv).ended;
  const { loose } = JSON.parse(stdout) as RunResult;
  expect(exitCode).toBe(1);
  expect(loose.join("\n")).toContain("it was refused (domain_key_taken) although nobody has that key");
});
