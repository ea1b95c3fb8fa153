import { writeFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { calm, show } from "../../harness/invariants/testing/calls.ts";
import { eventsOf } from "../../harness/invariants/testing/history.ts";
import { checkReport } from "../../harness/report/check.ts";
import { rendered } from "../../harness/report/format.ts";
import { formats } from "../../harness/report/formats/index.ts";
import { type Report, troubleReport } from "../../harness/report/report.ts";
import { type Bed, openBed } from "./bed.ts";
import { openPage } from "./chromium.ts";

/** Pages that are cut short, have nothing to show, or are told by a system that means ill. */

let bed: Bed;
beforeAll(async () => {
  bed = await openBed();
});
afterAll(() => bed[Symbol.asyncDispose]());
afterEach(() => Promise.all(bed.browser.contexts().map((context) => context.close())));

const file = () => bed.place.path("page.html");
const pageOf = (report: Report) => rendered(formats.html, report, (text) => text);
async function opened(report: Report, hash = "") {
  await writeFile(file(), await pageOf(report));
  return openPage(bed.browser, file(), { hash });
}

/** Markup and ends of lines, elements, comments and strings, wherever a system can put them. */
const evil = [
  `<img src=x onerror="alert(1)">`,
  "</script><script>alert(1)</script>",
  "<!--<script>",
  "-->]]>",
  `"'\`>$\{alert(1)}`,
  "\u2028\u2029\u0000\u001b[31m\ud800\ufeff",
  "javascript:alert(1)",
  "&lt;b&gt;&amp;",
  "../../%00#cell=x&event=1",
].join(" ");

test("whatever a system says is text, and its cell is found by its address", async () => {
  const calls = [...calm, show(2_000, "killed", { path: `/v3/${evil}`, reply: { [evil]: evil } })];
  const told = eventsOf({ calls });
  const report = checkReport({ file: evil, events: told, judgement: judgeHistory(told), unfired: [] });
  const [first] = report.cases;
  const hostile: Report = {
    ...report,
    title: evil,
    reasons: [evil],
    coverage: [evil],
    startedAt: evil,
    cases: [
      {
        ...(first as NonNullable<typeof first>),
        path: `current/${evil}/${evil}`,
        reason: evil,
        story: [evil],
        repeat: evil,
        violations: [{ invariant: evil, definition: evil, witnesses: [evil] }, ...(first?.violations ?? [])],
        histories: (first?.histories ?? []).map((history) => ({ ...history, title: evil })),
      },
    ],
  };
  const { page, misdeeds } = await opened(hostile);
  await page.locator("section.cell h3.title").waitFor();
  expect(await page.locator("body img, body b").count()).toBe(0);
  expect(await page.locator("script").count()).toBe(2 + 3);
  const elsewhere = `[...document.querySelectorAll("a")].filter((link) =>
    !(link.getAttribute("href") ?? link.getAttribute("xlink:href")).startsWith("#cell=")).length`;
  expect(await page.evaluate(elsewhere)).toBe(0);
  const panel = await page.locator("section.cell").innerText();
  expect(panel).toContain(`<img src=x onerror="alert(1)"> </script><script>alert(1)</script>`);
  // The address that the page has made itself leads back to the same cell.
  await page.reload();
  await page.locator("section.cell h3.title").waitFor();
  const departed = page.locator(".violation-of", { hasText: "C: Every request and every reply" });
  await departed.locator("a.opposed").first().click();
  expect(await page.locator("li[aria-current=true] pre").innerText()).toContain("<img src=x onerror");
  expect(misdeeds).toEqual([]);
});

test("a page that is cut short says so, and shows no verdict as if it were whole", async () => {
  const told = eventsOf({ calls: calm });
  const report = checkReport({ file: "f", events: told, judgement: judgeHistory(told), unfired: [] });
  const whole = await pageOf(report);
  expect(report.verdict).toBe("pass");
  const green = (await opened(report)).page;
  const colour = "getComputedStyle(document.querySelector('h1 .verdict')).backgroundColor";
  const greenColour = await green.evaluate(colour);
  expect(await green.title()).toMatch(/^pass: /);
  const cut = await bed.browser.newPage();
  for (const [end, further] of [
    ["</header>", 0],
    ['id="data">', 20],
    ['id="part-0">', 20],
    ["<script>", 1_000],
    ["Copyright 2020", 100_000],
    ['</script>\n<script type="text/plain"', -400],
    ["</script>\n<p id", -100],
    ['<p id="end"', 0],
  ] as const) {
    await writeFile(file(), whole.slice(0, whole.lastIndexOf(end) + further));
    await cut.goto(`file://${file()}`);
    expect(await cut.locator("body").innerText()).toContain("this page is cut short");
    expect(await cut.title()).not.toContain("pass");
    expect(await cut.evaluate(colour)).not.toBe(greenColour);
  }
  await writeFile(file(), whole.replace(/<script type="text\/plain" id="part-0">[^<]*<\/script>/, ""));
  const { page } = await openPage(bed.browser, file());
  expect(await page.getByRole("alert").innerText()).toContain("1 of 1 parts of its timelines are missing");
  expect(await page.evaluate(colour)).not.toBe(greenColour);
});

test("a command that came to no verdict, and one that judged nothing, say so", async () => {
  const trouble = (
    await opened(troubleReport("check cut.jsonl", "cut.jsonl:7: it ends here\n  next: run it again"))
  ).page;
  expect(await trouble.locator("h1").innerText()).toMatch(/^INFRASTRUCTURE/i);
  expect(await trouble.locator("body").innerText()).toContain("cut.jsonl:7: it ends here");
  expect(await trouble.locator("main").innerText()).toContain(
    "there is no case to show, and none has passed",
  );
  const nothing: Report = {
    ...troubleReport("API x", ""),
    verdict: "missing",
    reasons: ["no cell was tried"],
  };
  const empty = (await opened(nothing)).page;
  expect(await empty.locator("body").innerText()).toMatch(/MISSING.*no case was judged.*no cell was tried/is);
  expect(await empty.locator(".pass").count()).toBe(0);
});
