import { writeFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { curvesPage } from "../../bench/curves.ts";
import { type Bed, openBed } from "./bed.ts";
import { openPage } from "./chromium.ts";

/** The curves that `script/bench` draws, in a real browser. */

const markup = "<img src=x onerror=alert(1)>";
const importers = [1, 4, 16];
/** One doubles where the other stays: on a scale of powers of two a straight line and a flat one. */
const points = importers.flatMap((at, i) => [
  { of: "coalesced", at, figures: { rate: 100 * (i + 1), errors: 0 } },
  { of: markup, at, figures: { rate: 100, errors: i } },
]);
const curves = [
  {
    title: "Importers of one table",
    over: "importers",
    measures: { rate: "requests a second", errors: "errors, %" },
    points,
  },
  { title: `Another, ${markup}`, over: markup, measures: { rate: markup }, points },
];

let bed: Bed;
beforeAll(async () => {
  bed = await openBed();
  await writeFile(bed.place.path("bars.html"), curvesPage(`2 x ${markup}`, curves));
});
afterAll(() => bed[Symbol.asyncDispose]());

/** The points of each line in a chart, as the browser placed them. */
const linesOf = (page: Page, label: string) =>
  page
    .locator(`svg[aria-label="${label}"] g[aria-label='line'] path`)
    .evaluateAll((paths) =>
      paths.map((path) =>
        [...(path.getAttribute("d") ?? "").matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [
          Number(x),
          Number(y),
        ]),
      ),
    );

describe("curves of the bench", () => {
  test.each(["light", "dark"] as const)(
    "are drawn from a file, which asks for nothing: %s",
    async (scheme) => {
      const { page, misdeeds } = await openPage(bed.browser, bed.place.path("bars.html"), { scheme });
      const [rising, flat] = await linesOf(page, "requests a second over importers");
      const heights = (line: number[][] | undefined) => line?.map(([, y]) => y) ?? [];
      const [first = 0, second = 0, third = 0] = heights(rising);
      expect(first - second).toBeCloseTo(second - third, 0);
      expect(first).toBeGreaterThan(second);
      expect(new Set(heights(flat))).toEqual(new Set([first]));
      const [[left = 0] = [], [middle = 0] = [], [right = 0] = []] = rising ?? [];
      expect(middle - left).toBeCloseTo(right - middle, 0);
      expect(misdeeds).toEqual([]);
    },
  );

  test("have their figures as a table too, and names as they were written", async () => {
    const { page, misdeeds } = await openPage(bed.browser, bed.place.path("bars.html"));
    expect(await page.locator("h2").allInnerTexts()).toEqual(curves.map(({ title }) => title));
    const rows = await page.locator("table").first().locator("tr").allInnerTexts();
    expect(rows.slice(1).map((row) => row.split("\t"))).toEqual([
      ["1", "100", "100", "0.0", "0.0"],
      ["4", "200", "100", "0.0", "1.0"],
      ["16", "300", "100", "0.0", "2.0"],
    ]);
    expect(rows[0]).toContain(`requests a second: ${markup}`);
    expect(await page.locator("body > p").innerText()).toBe(`2 x ${markup}`);
    expect(await page.locator("img").count()).toBe(0);
    expect(misdeeds).toEqual([]);
  });

  test("stay within a narrow page", async () => {
    const { page } = await openPage(bed.browser, bed.place.path("bars.html"), { width: 480 });
    expect(await page.locator("svg[aria-label^='requests']").boundingBox()).toMatchObject({ width: 420 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(480);
  });
});
