import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { destinationForms, destinationSettings, parseDestination, redactDestination } from "./destination.ts";
import { anyDestination, urlOf, writtenTypes } from "./testing/destination-url.ts";

const web = {
  type: "web",
  tls: false,
  host: "sink.test",
  port: 80,
  path: "/x",
  method: "PUT",
  user: null,
  password: null,
};
const mysql = {
  type: "mysql",
  host: "db.test",
  port: 3306,
  user: "u",
  password: "p",
  database: "mart",
  table: "rows",
  mode: "append",
  unique: [],
};

describe("a web destination", () => {
  test.each([
    ["web://sink.test/x", {}],
    ["web://sink.test", { path: "/" }],
    ["webs://sink.test/x", { tls: true, port: 443 }],
    ["web://sink.test:8080/x", { port: 8080 }],
    ["web://sink.test:443/x", { port: 443 }],
    ["webs://sink.test:80/x", { tls: true, port: 80 }],
    ["webs://sink.test:443/x", { tls: true, port: 443 }],
    ["web://sink.test/x?method=post", { method: "POST" }],
    ["web://sink.test/x?method=Put", {}],
    ["web://sink.test/x?a=%20b&method=post&c", { method: "POST", path: "/x?a=%20b&c" }],
    ["web://sink.test/x?methods=post&a=~'%7E", { path: "/x?methods=post&a=~%27%7E" }],
    ["web://u%40x:p%3A%2F@sink.test/x", { user: "u@x", password: "p:/" }],
    ["web://u@sink.test/x", { user: "u", password: "" }],
    ["web://[::1]:9/x", { host: "[::1]", port: 9 }],
  ])("%s", (url, differs) => {
    expect(parseDestination(url)).toEqual({ ok: true, settings: { ...web, ...differs } });
  });
});

describe("a mysql destination", () => {
  test.each([
    ["mysql://u:p@db.test/mart/rows", {}],
    ["mysql://u@db.test/mart/rows", { password: "" }],
    ["mysql://u:p@db.test:3307/mart/rows", { port: 3307 }],
    ["mysql://u:p@db.test:80/mart/rows", { port: 80 }],
    ["mysql://u:p@db.test:080/mart/rows", { port: 80 }],
    ["mysql://u:p@db.test:21/mart/rows", { port: 21 }],
    ["mysql://u::80@db.test/mart/rows", { password: ":80" }],
    ["mysql://u%40x:p%3A%2F%25@db.test/mart/rows", { user: "u@x", password: "p:/%" }],
    ["mysql://u:p@[2001:db8::7]:3307/mart/rows", { host: "2001:db8::7", port: 3307 }],
    ["mysql://u:p@[::1]/mart/rows", { host: "::1" }],
    ["mysql://u:p@db.test/mart/rows?mode=replace", { mode: "replace" }],
    ["mysql://u:p@db.test/mart/rows?mode=truncate", { mode: "truncate" }],
    ["mysql://u:p@db.test/mart/rows?mode=update&unique=a,b", { mode: "update", unique: ["a", "b"] }],
    ["mysql://u:p@db.test/mart/rows?mode=update&unique=,a,", { mode: "update", unique: ["a"] }],
    ["mysql://u:p@db.test/mart/rows?unique=a", {}],
    ["mysql://u:p@db.test/m_$1/R_$1", { database: "m_$1", table: "R_$1" }],
  ])("%s", (url, differs) => {
    expect(parseDestination(url)).toEqual({ ok: true, settings: { ...mysql, ...differs } });
  });
});

const td = { type: "td", apikey: "1/0123abcd", database: "mart", table: "rows", mode: "append" };

describe("a td destination", () => {
  test.each([
    ["td://1%2F0123abcd@/mart/rows", {}],
    ["td://1/0123abcd@/mart/rows", {}],
    ["td://1/0123abcd@api.treasuredata.com/mart/rows", {}],
    ["td://1/0123abcd@/mart/rows?mode=append", {}],
    ["td://a%40b%3A%25@/mart/rows", { apikey: "a@b:%" }],
    ["td://a@b@/mart/rows", { apikey: "a@b" }],
    [`td://k@/m_1/${"t".repeat(255)}`, { apikey: "k", database: "m_1", table: "t".repeat(255) }],
  ])("%s", (url, differs) => {
    expect(parseDestination(url)).toEqual({ ok: true, settings: { ...td, ...differs } });
  });
});

const schemes = Object.values(destinationForms).flatMap((form) => form.schemes);
const supported = schemes
  .map((scheme) => `${scheme}://`)
  .join(", ")
  .replace(/, ([^,]*)$/, " or $1");

const notUrl =
  "a destination is a URL such as mysql://user:password@host/db/table; named ones and settings in JSON are not supported";

test.each([
  ["", notUrl],
  ["sink.test/x", notUrl],
  ["my_target", notUrl],
  ["my_target:a_table", notUrl],
  ['{"type":"mysql","host":"db.test","user":"u","password":"p","database":"mart","table":"rows"}', notUrl],
  ['{"type":"td","apikey":"1/0123abcd","database":"mart","table":"rows"}', notUrl],
  [" mysql://u:p@db.test/mart/rows", notUrl],
  [
    "postgresql://u:p@db.test/mart/rows",
    `destination scheme postgresql:// is not supported; use ${supported}`,
  ],
  ["redshift://u:p@db.test/mart/rows", `destination scheme redshift:// is not supported; use ${supported}`],
  ["gspreadsheet://u:p@/sheet", "the gspreadsheet:// destination is not a well-formed URL"],
  ["sftp://u:p@db.test/rows", `destination scheme sftp:// is not supported; use ${supported}`],
  ["salesforce://u:p@login.test/rows", `destination scheme salesforce:// is not supported; use ${supported}`],
  ["tableau://u:p@db.test/rows", `destination scheme tableau:// is not supported; use ${supported}`],
  ["redis://key@/db/table", "the redis:// destination is not a well-formed URL"],
  ["mongodb://u:p@h/d/t", `destination scheme mongodb:// is not supported; use ${supported}`],
  ["web://", "the web:// destination is not a well-formed URL"],
  ["web://sink test/x", "the web:// destination is not a well-formed URL"],
  ["web://sink.test:70000/x", "the web:// destination is not a well-formed URL"],
  ["web://sink.test:0/x", "the port of a web:// destination is 1 to 65535"],
  ["web://u:100%@sink.test/x", "the web:// destination is not a well-formed URL"],
  ["web://sink.test/x?method=delete", "web:// parameter method is put or post"],
  ["mysql://u:p@db.test:0/mart/rows", "the port of a mysql:// destination is 1 to 65535"],
  ["mysql://u:p@db.test/mart", "mysql:// needs exactly /database/table as its path"],
  ["mysql://u:p@db.test/mart/", "mysql:// needs exactly /database/table as its path"],
  ["mysql://u:p@db.test//rows", "mysql:// needs exactly /database/table as its path"],
  ["mysql://u:p@db.test/mart/rows/", "mysql:// needs exactly /database/table as its path"],
  ["mysql://u:p@db.test/mart/ro-ws", "mysql:// database and table are letters, digits, _ and $"],
  ["mysql://u:p@db.test/ma%20rt/rows", "mysql:// database and table are letters, digits, _ and $"],
  [`mysql://u:p@db.test/mart/${"t".repeat(65)}`, "mysql:// database and table are letters, digits, _ and $"],
  ["mysql://db.test/mart/rows", "mysql:// needs a user"],
  ["mysql://:p@db.test/mart/rows", "mysql:// needs a user"],
  [
    "mysql://u:p@db.test/mart/rows?modus=append",
    "mysql:// knows the parameters mode and unique, and no other",
  ],
  [
    "mysql://u:p@db.test/mart/rows?mode=merge",
    "mysql:// parameter mode is one of append, replace, truncate, update",
  ],
  ["mysql://u:p@db.test/mart/rows?mode=update", "mysql:// mode=update needs unique=column[,column…]"],
  [
    "mysql://u:p@db.test/mart/rows?mode=update&unique=,",
    "mysql:// mode=update needs unique=column[,column…]",
  ],
  ["td://", "td:// needs exactly /database/table as its path"],
  ["td://k@/mart", "td:// needs exactly /database/table as its path"],
  ["td://k@/mart/rows/", "td:// needs exactly /database/table as its path"],
  ["td://k@/mart/rows#", "the td:// destination is not a well-formed URL"],
  ["td://k@/mart/Rows", "td:// database and table are 3 to 255 characters a-z, 0-9 and _"],
  ["td://k@/ma/rows", "td:// database and table are 3 to 255 characters a-z, 0-9 and _"],
  [
    "td://@/mart/rows",
    "td:// needs an API key of the account whose table it is: td://apikey@/database/table",
  ],
  ["td:///mart/rows", "td:// needs an API key of the account whose table it is: td://apikey@/database/table"],
  ...["%0A", "%", "k%C3%A9y", "a b", "k".repeat(256)].map((key) => [
    `td://${key}@/mart/rows`,
    "the API key of a td:// destination is 1 to 255 printable characters of ASCII, escaped where it must be",
  ]),
  ...["127.0.0.1:8080", "db.test", "api.treasuredata.com.db.test", "api.treasuredata.com:80"].map((host) => [
    `td://k@${host}/mart/rows`,
    "td:// delivers into this service alone: leave its host empty, or write api.treasuredata.com",
  ]),
  ["td://k@/mart/rows?mode=replace", "td:// parameter mode is append"],
  ["td://k@/mart/rows?modus=append", "td:// knows the parameter mode, and no other"],
])("%j is refused", (url, problem) => {
  expect(parseDestination(url)).toEqual({ ok: false, problem });
});

test.each([
  [web, { port: 0 }],
  [web, { port: 65_536 }],
  [web, { path: "x" }],
  [web, { method: "GET" }],
  [web, { host: "" }],
  [web, { mode: "append" }],
  [mysql, { port: 0 }],
  [mysql, { port: 65_536 }],
  [mysql, { user: "" }],
  [mysql, { table: "" }],
  [mysql, { unique: [""] }],
  [mysql, { tls: true }],
  [mysql, { type: "postgresql" }],
  [td, { host: "db.test" }],
  [td, { apikey: "a\nb" }],
  [td, { apikey: "" }],
  [td, { mode: "replace" }],
])("the settings %j are refused with %j", (settings, wrong) => {
  expect(destinationSettings.safeParse(settings).success).toBe(true);
  expect(destinationSettings.safeParse({ ...settings, ...wrong }).success).toBe(false);
});

test("every type is in the table under its name, and no two share a scheme", () => {
  for (const [type, form] of Object.entries(destinationForms))
    expect(form.settings.shape.type.value).toBe(type);
  expect(new Set(schemes).size).toBe(schemes.length);
  expect([...writtenTypes.keys()].sort()).toEqual(Object.keys(destinationForms).sort());
});

describe("whatever the settings are", () => {
  test("the URL that is written for them reads as the same settings", () => {
    fc.assert(
      fc.property(anyDestination, (settings) => {
        expect(destinationSettings.safeParse(settings).error).toBe(undefined);
        expect(parseDestination(urlOf(settings))).toEqual({ ok: true, settings });
      }),
    );
  });

  test("the form that may be shown is the same for every user and password", () => {
    fc.assert(
      fc.property(anyDestination, fc.string({ unit: "binary" }), (settings, password) => {
        const secret = settings.type === "td" ? { apikey: password } : { user: "other", password };
        const short = settings.type === "td" ? { apikey: "u:p" } : { user: "u", password: "p" };
        const shown = redactDestination(urlOf({ ...settings, ...secret } as typeof settings));
        const whole = urlOf({ ...settings, ...short } as typeof settings);
        expect(shown).toBe(whole.replace(/u(:|%3A)p@/, "***@"));
      }),
    );
  });
});

describe("whatever is written", () => {
  const scheme = fc.constantFrom("web", "webs", "mysql", "td", "s3");
  const anyText = fc.string({ unit: "binary", maxLength: 40 });
  const anyUrl = fc.tuple(scheme, anyText).map((parts) => parts.join("://"));

  test("what is accepted has the form that v6 is promised", () => {
    const tail = fc.constantFrom(
      "",
      "/d/t",
      ":0/d/t",
      ":80/d/t",
      "/d/t?mode=update&unique=a",
      "?method=post",
    );
    const near = fc.tuple(scheme, fc.constantFrom("", "u@", "u:p@", ":p@"), anyText, tail);
    const urls = fc.oneof(
      anyUrl,
      near.map(([first, login, host, rest]) => `${first}://${login}${host || "h"}${rest}`),
    );
    fc.assert(
      fc.property(urls, (url) => {
        const parsed = parseDestination(url);
        if (parsed.ok) destinationSettings.parse(parsed.settings);
      }),
      { numRuns: 500 },
    );
  });

  test.each(["", " ", "x@", "y\n"])("a password that nobody escaped, after %j, is hidden", (before) => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (password) => {
        expect(redactDestination(`mysql://user:${before}${password}@db.test/mart/rows`)).toBe(
          "mysql://***@db.test/mart/rows",
        );
      }),
    );
  });

  test("no problem repeats a secret", () => {
    const secret = "Xq7Secret";
    const around = fc.oneof(
      anyText,
      fc.constantFrom("@h/d/t?", "@h:1/d/t?a=", "@h/d/", "/", "?mode=", "@h/", "%"),
    );
    fc.assert(
      fc.property(scheme, around, around, (first, before, after) => {
        const parsed = parseDestination(`${first}://u:${before}${secret}${after}@h/d/t?mode=wrong`);
        expect(parsed.ok ? "" : parsed.problem).not.toMatch(new RegExp(secret, "i"));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["web://sink.test/x", "web://sink.test/x"],
    ["MYSQL://u:secret@db.test/a/b", "MYSQL://***@db.test/a/b"],
    ["s3://key:secret@bucket", "s3://***@bucket"],
    [" mysql://u:secret@db.test/a/b", "***@db.test/a/b"],
    ["mysql:\\\\u:secret@db.test", "***@db.test"],
  ])("%j is shown as %j", (url, shown) => {
    expect(redactDestination(url)).toBe(shown);
  });
});
