import fc from "fast-check";
import { type MysqlSettings, mysqlModes } from "../../../destinations/mysql.ts";
import {
  anyHostName,
  anyPort,
  anyText,
  escaped,
  login,
  someText,
  type WrittenDestination,
} from "../written.ts";

const identifier = fc.stringMatching(/^[A-Za-z0-9_$]{1,64}$/);

export const written: WrittenDestination<MysqlSettings> = {
  settings: fc
    .record({
      host: fc.oneof(anyHostName, fc.constantFrom("127.0.0.1", "::1", "2001:db8::7")),
      port: anyPort,
      user: someText,
      password: anyText,
      database: identifier,
      table: identifier,
      mode: fc.constantFrom(...mysqlModes),
      columns: fc.array(
        someText.filter((column) => !column.includes(",")),
        { minLength: 1, maxLength: 3 },
      ),
    })
    .map(({ columns, ...rest }) => ({
      type: "mysql",
      ...rest,
      unique: rest.mode === "update" ? columns : [],
    })),

  urlOf(settings) {
    const { host, port, database, table, mode, unique } = settings;
    const server = host.includes(":") ? `[${host}]` : host;
    const more = unique.length === 0 ? "" : `&unique=${unique.map(escaped).join(",")}`;
    return `mysql://${login(settings)}${server}:${port}/${database}/${table}?mode=${mode}${more}`;
  },
};
