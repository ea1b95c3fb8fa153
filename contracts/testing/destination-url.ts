import fc from "fast-check";
import {
  type DestinationSettings,
  type MysqlSettings,
  mysqlModes,
  type WebSettings,
} from "../destination.ts";

/** Destinations made at random, and the URL that a careful customer would write for them: everything escaped. */

const escaped = (text: string): string => encodeURIComponent(text).replaceAll("'", "%27");
const text = fc.string({ unit: "binary" });
const someText = fc.string({ unit: "binary", minLength: 1 });
const identifier = fc.stringMatching(/^[A-Za-z0-9_$]{1,64}$/);
const name = fc.stringMatching(/^[a-z][a-z0-9]{0,9}(\.[a-z][a-z0-9]{0,9}){0,2}$/);
const port = fc.oneof(fc.constantFrom(1, 21, 80, 443, 3306, 65535), fc.integer({ min: 1, max: 65535 }));

const query = fc
  .array(fc.tuple(someText.filter((key) => key !== "method").map(escaped), text.map(escaped)), {
    maxLength: 3,
  })
  .map((pairs) => (pairs.length === 0 ? "" : `?${pairs.map((pair) => pair.join("=")).join("&")}`));
/** Segments of dots alone mean another folder. */
const path = fc
  .array(text.filter((segment) => !/^\.+$/.test(segment)).map(escaped), { minLength: 1, maxLength: 3 })
  .map((segments) => `/${segments.join("/")}`);
const login = fc.oneof(
  fc.record({ user: someText, password: text }),
  fc.constant({ user: null, password: null }),
);

const webSettings: fc.Arbitrary<WebSettings> = fc
  .record({
    tls: fc.boolean(),
    host: fc.oneof(name, fc.constantFrom("127.0.0.1", "[::1]", "[2001:db8::7]")),
    port,
    path: fc.tuple(path, query).map((parts) => parts.join("")),
    method: fc.constantFrom("PUT" as const, "POST" as const),
    login,
  })
  .map(({ login: { user, password }, ...rest }) => ({ type: "web", ...rest, user, password }));

const mysqlSettings: fc.Arbitrary<MysqlSettings> = fc
  .record({
    host: fc.oneof(name, fc.constantFrom("127.0.0.1", "::1", "2001:db8::7")),
    port,
    user: someText,
    password: text,
    database: identifier,
    table: identifier,
    mode: fc.constantFrom(...mysqlModes),
    columns: fc.array(
      someText.filter((column) => !column.includes(",")),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ columns, ...rest }) => ({ type: "mysql", ...rest, unique: rest.mode === "update" ? columns : [] }));

export const anyDestination: fc.Arbitrary<DestinationSettings> = fc.oneof(webSettings, mysqlSettings);

export function urlOf(settings: DestinationSettings): string {
  const login =
    settings.user === null ? "" : `${escaped(settings.user)}:${escaped(settings.password ?? "")}@`;
  if (settings.type === "mysql") {
    const { host, port, database, table, mode, unique } = settings;
    const server = host.includes(":") ? `[${host}]` : host;
    const more = unique.length === 0 ? "" : `&unique=${unique.map(escaped).join(",")}`;
    return `mysql://${login}${server}:${port}/${database}/${table}?mode=${mode}${more}`;
  }
  const { tls, host, port, path, method } = settings;
  const parameter = `${path.includes("?") ? "&" : "?"}method=${method.toLowerCase()}`;
  return `${tls ? "webs" : "web"}://${login}${host}:${port}${path}${parameter}`;
}
