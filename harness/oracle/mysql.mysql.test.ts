import { expect, inject, test } from "vitest";
import { leave, MysqlAccess } from "./mysql.ts";

const { host, port, rootlike } = inject("mysql");

test("a session's mode and time zone are Interlock's own, whatever the server's default is", async () => {
  const access = new MysqlAccess({ host, port }, rootlike);
  const [row] = await access.query(
    "SELECT @@session.sql_mode AS mode, @@session.time_zone AS zone, ? AS text",
    ["it's \\ so"],
  );
  await leave(access);
  expect(row).toEqual({
    mode: "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION",
    zone: "+00:00",
    text: "it's \\ so",
  });
});
