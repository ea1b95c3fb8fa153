import { resolve } from "node:path";
import { expect, test } from "vitest";
import type { SessionCheck } from "../../../harness/sessions/judge.ts";
import { mysqlCa } from "../../containers/mysql-ca.ts";
import { configFile, openPlace } from "../../containers/place.ts";

/** What the connections of a whole system in containers use. */

test("a system whose connections are as pinned passes, each account's seen from its start to its end", async () => {
  await using place = await openPlace();
  const shipped = resolve(import.meta.dirname, "../../../interlock.config.ts");
  const { exitCode, stdout } = await place.interlock(["sessions", "--config", shipped, "--json"]).ended;
  const { users, lacks } = JSON.parse(stdout) as SessionCheck;
  expect({ exitCode, lacks }).toEqual({ exitCode: 0, lacks: [] });
  expect(users.map(({ user }) => user)).toEqual([
    "account_1",
    "account_2",
    "api",
    "migrations",
    "worker_v5",
    "worker_v6",
  ]);
  for (const { connections, lacks: own, unpinned } of users) {
    expect(connections).toBeGreaterThan(0);
    expect(own).toEqual([]);
    expect(unpinned.filter((line) => !line.startsWith("statements "))).toEqual([]);
  }
});

test("an API that encrypts its connections is red for those alone", async () => {
  await using place = await openPlace();
  const ca = await mysqlCa(place.folder);
  const argv = ["sessions", "--config", configFile("standard/encrypted"), "--json"];
  const { exitCode, stdout } = await place.interlock(argv, { TEST_CA: ca }).ended;
  const { users, lacks } = JSON.parse(stdout) as SessionCheck;
  expect({ exitCode, lacks }).toEqual({ exitCode: 1, lacks: [] });
  const red = users.flatMap(({ user, connections: all, findings }) =>
    findings.map(({ what, found, pinned, connections }) => ({
      user,
      what,
      found,
      pinned,
      all: connections === all,
    })),
  );
  expect(red).toEqual([
    { user: "api", what: "tls", found: "TLSv1.3", pinned: "off", all: true },
    { user: "migrations", what: "tls", found: "TLSv1.3", pinned: "off", all: true },
  ]);
});
