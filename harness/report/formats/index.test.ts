import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { Secrets } from "../../secrets.ts";
import { rendered } from "../format.ts";
import { type Report, troubleReport } from "../report.ts";
import { formats, printed } from "./index.ts";

test("every file of this folder is a format of the table", async () => {
  const files = await readdir(import.meta.dirname);
  const names = files.flatMap((file) => /^(?!index)([^.]+)\.ts$/.exec(file)?.[1] ?? []);
  expect(Object.keys(formats).sort()).toEqual(names.sort());
});

test.each(Object.entries(formats))("%s tells of a command that came to no verdict", async (_, format) => {
  const text = await rendered(format, troubleReport("API current", "mysql: no answer"), (given) => given);
  expect(text).toContain("mysql: no answer");
  expect(text.endsWith("\n")).toBe(true);
});

test("what is printed without a flag is one that is printed", () => {
  expect(formats[printed].to).toBe("output");
});

test.each(Object.entries(formats))("%s shows no secret", async (_, format) => {
  const report = troubleReport("API current", "mysql: refused hunter2");
  const text = await rendered(format, report, (given) => given.replaceAll("hunter2", "***"));
  expect(text.replaceAll("&#42;", "*")).toContain("mysql: refused ***");
  expect(text).not.toContain("hunter2");
});

test.each(Object.entries(formats))("%s shows no secret that its form escapes", async (_, format) => {
  const secret = "p_ss*w[o]rd\u202e<&\u0007";
  const reportOf = (said: string): Report => ({
    ...troubleReport("API current", `mysql: refused ${said}`),
    reasons: [said],
    coverage: [`${said}: seen`],
    data: { [said]: [said] },
  });
  const secrets = new Secrets();
  secrets.add(secret);
  const text = await rendered(format, reportOf(secret), secrets.redact);
  expect(text).toBe(await rendered(format, reportOf("***"), (given) => given));
});

describe("ten thousand cells of one name, with markup in it", () => {
  const name = `<b onclick="x">]]>\u001b[31m | \` & \r\n::error::x`;
  const story = [`${name} ${"w".repeat(2_000)}`];
  const report: Report = {
    ...troubleReport(name, name),
    verdict: "violation",
    file: name,
    startedAt: name,
    cases: Array.from({ length: 10_000 }, () => ({
      path: `current/${name}`,
      verdict: "violation",
      violations: [{ invariant: name, definition: name, witnesses: story }],
      story,
      repeat: name,
    })),
  };
  const whole = (format: keyof typeof formats) => rendered(formats[format], report, (given) => given);

  // GitLab reads no larger JUnit file, GitHub shows no larger summary and no more annotations.
  test("are a JUnit file of at most 30 MB in which each has a name of its own", async () => {
    const xml = await whole("junit");
    expect(Buffer.byteLength(xml)).toBeLessThanOrEqual(30_000_000);
    expect(["<b ", "\u001b"].filter((sign) => xml.includes(sign))).toEqual([]);
    const names = [...xml.matchAll(/<testcase classname="[^"]*" (name="[^"]*")/g)].map(([, given]) => given);
    expect(new Set(names).size).toBe(10_000);
    expect(xml.match(/<failure type="violation" message="[^"]+">[^<]+<\/failure>/g)).toHaveLength(10_000);
  });

  test("are Markdown of at most 900 kB, ten annotations, and all of them in CTRF", async () => {
    const summary = await whole("markdown");
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(900_000);
    expect(summary).not.toContain("<b ");
    const commands = (await whole("annotations")).split(/^::[0-9a-f]{64}::$/m)[1];
    expect(commands?.match(/^::error/gm)).toHaveLength(10);
    const { results } = JSON.parse(await whole("ctrf")) as { results: { summary: unknown } };
    expect(results.summary).toMatchObject({ tests: 10_000, failed: 10_000 });
  });

  test("are a page, and a trace, without an element of theirs", async () => {
    expect(await whole("html")).not.toContain("<b onclick");
    expect(await whole("trace")).not.toBe("");
  });
});

describe("whatever a system says", () => {
  const signs = ["\u001b[2J", "\u009b31m", "\u202e", "\u2066", "\ufeff", "\r", "\u007f", "\u0000", "\ud800"];
  const evil = signs.join("x");
  const report: Report = {
    title: evil,
    verdict: "violation",
    reasons: [evil],
    cases: [
      {
        path: `a/${evil}`,
        verdict: "violation",
        violations: [{ invariant: evil, definition: evil, witnesses: [evil] }],
        reason: evil,
        story: [evil],
        repeat: evil,
      },
    ],
    coverage: [evil],
    since: [evil],
    text: `first\n${evil}`,
    data: { [evil]: evil },
  };

  test.each(["terminal", "annotations", "json", "markdown"] as const)(
    "moves no cursor and turns no direction of %s",
    (name) => {
      const text = formats[name].render(report);
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(text).toMatch(/u\{?202e/);
    },
  );

  test("is told by JSON as it was", () => {
    expect(JSON.parse(formats.json.render(report))).toEqual(report.data);
  });

  test.each(["# head", "- item", "+ item", "--- rule", "=== rule", "1. item", "12) item"])(
    "begins no block of Markdown: %s",
    (line) => {
      const text = formats.markdown.render({ ...report, reasons: [line], coverage: [line] });
      expect(text.split("\n").filter((one) => one === `- ${line}`)).toEqual([]);
      const code = line.charCodeAt(0);
      expect(text.split("\n").filter((one) => one === `- &#${code};${line.slice(1)}`)).toHaveLength(2);
    },
  );
});
