import fc from "fast-check";
import type { WebSettings } from "../../../destinations/web.ts";
import {
  anyHostName,
  anyPort,
  anyText,
  escaped,
  login,
  someText,
  type WrittenDestination,
} from "../written.ts";

const query = fc
  .array(fc.tuple(someText.filter((key) => key !== "method").map(escaped), anyText.map(escaped)), {
    maxLength: 3,
  })
  .map((pairs) => (pairs.length === 0 ? "" : `?${pairs.map((pair) => pair.join("=")).join("&")}`));
/** Segments of dots alone mean another folder. */
const path = fc
  .array(anyText.filter((segment) => !/^\.+$/.test(segment)).map(escaped), { minLength: 1, maxLength: 3 })
  .map((segments) => `/${segments.join("/")}`);
const account = fc.oneof(
  fc.record({ user: someText, password: anyText }),
  fc.constant({ user: null, password: null }),
);

export const written: WrittenDestination<WebSettings> = {
  settings: fc
    .record({
      tls: fc.boolean(),
      host: fc.oneof(anyHostName, fc.constantFrom("127.0.0.1", "[::1]", "[2001:db8::7]")),
      port: anyPort,
      path: fc.tuple(path, query).map((parts) => parts.join("")),
      method: fc.constantFrom("PUT" as const, "POST" as const),
      account,
    })
    .map(({ account: { user, password }, ...rest }) => ({ type: "web", ...rest, user, password })),

  urlOf(settings) {
    const { tls, host, port, path: where, method } = settings;
    const parameter = `${where.includes("?") ? "&" : "?"}method=${method.toLowerCase()}`;
    return `${tls ? "webs" : "web"}://${login(settings)}${host}:${port}${where}${parameter}`;
  },
};
