import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bed, openBed } from "./bed.ts";
import { openPage } from "./chromium.ts";

/** The strip under the timeline, in a real browser. */

let bed: Bed;
beforeAll(async () => {
  bed = await openBed();
  const file = resolve("suites/trust/kills/kept/2015-08-24.json");
  const config = resolve("interlock.config.ts");
  const argv = ["replay", file, "--causality", "--html", "page.html", "--config", config];
  const said = await bed.place.interlock(...argv);
  if (said.exitCode !== 1) throw new Error(`the replay is not red: ${said.stderr}`);
}, 120_000);
afterAll(() => bed[Symbol.asyncDispose]());

test("stands on the time of the timeline, rises where the violation comes from, and leads there", async () => {
  const { page, misdeeds } = await openPage(bed.browser, bed.place.path("page.html"));
  const strip = page.locator(".plot svg.causality");
  await strip.waitFor();
  expect(await strip.getAttribute("aria-label")).toMatch(
    /^causality: the violation of I4 by job 1 comes from worker\.finish .* \(event #6\): 0 % before it, 100 % since; /,
  );
  const marks = strip.locator("a");
  const names = await marks.evaluateAll((all) =>
    all.map((one) => one.querySelector("[aria-label]")?.getAttribute("aria-label")),
  );
  expect(names[0]).toMatch(/^100 % since event #6, worker\.finish attempt 1 says success/);
  const line = await strip.locator("g[aria-label='line'] path").getAttribute("d");
  const heights = [...new Set([...(line ?? "").matchAll(/,(-?[\d.]+)/g)].map(([, y]) => Number(y)))];
  expect(heights).toHaveLength(2);
  const { height = 0 } = (await strip.boundingBox()) ?? {};
  expect(heights.every((y) => y > 0 && y < height)).toBe(true);
  // The peak stands right below its event in the timeline.
  const left = async (where: string) =>
    (await page
      .locator(where)
      .first()
      .evaluate((one) => one.getBoundingClientRect().left + one.getBoundingClientRect().width / 2)) as number;
  const below = await left("svg.causality a[*|href$='event=6']");
  const above = await left(".plot svg:not(.causality) a[*|href$='event=6']");
  expect(Math.abs(below - above)).toBeLessThan(2);
  await page.locator("svg.causality a[*|href$='event=6']").click();
  await page.locator("li[aria-current=true][data-seq='6']").waitFor();
  expect(misdeeds).toEqual([]);
});

test("is zoomed with the timeline, and stays within a narrow page", async () => {
  const { page, misdeeds } = await openPage(bed.browser, bed.place.path("page.html"), { width: 380 });
  const strip = page.locator(".plot svg.causality");
  await strip.waitFor();
  const marks = await strip.locator("a").count();
  await page.locator(".plot").focus();
  for (const _ of [1, 2, 3]) await page.keyboard.press("+");
  await expect.poll(() => strip.locator("a").count()).toBeLessThan(marks);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(380);
  expect(misdeeds).toEqual([]);
});
