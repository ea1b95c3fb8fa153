import { readFile, writeFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { curvesIn, curvesPage, withDrawn } from "../../bench/curves.ts";
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
const machine = `2 x ${markup}`;
/** A cost that grows with the square of what there is. */
const squares = [10, 100, 1_000].map((at) => ({
  of: "Interlock",
  at,
  figures: { cpu: (at * at) / 100 },
  spread: { cpu: [at / 100, at * at] as const },
}));
const curves = [
  {
    machine,
    title: "Importers of one table",
    over: "importers",
    measures: { rate: "requests a second", errors: "errors, %" },
    points,
  },
  { machine, title: `Another, ${markup}`, over: markup, measures: { rate: markup }, points },
  {
    machine,
    title: "How cost grows",
    over: "cells",
    logarithmic: true as const,
    measures: { cpu: "CPU time, s" },
    points: squares,
  },
];

let bed: Bed;
beforeAll(async () => {
  bed = await openBed();
  await writeFile(bed.place.path("bars.html"), curvesPage(curves));
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
      ["1", "100", "100", "0", "0"],
      ["4", "200", "100", "0", "1"],
      ["16", "300", "100", "0", "2"],
    ]);
    expect(rows[0]).toContain(`requests a second: ${markup}`);
    expect(await page.locator("body > p").allInnerTexts()).toEqual(curves.map(() => machine));
    expect(await page.locator("img").count()).toBe(0);
    expect(misdeeds).toEqual([]);
  });

  test("stay within a narrow page", async () => {
    const { page } = await openPage(bed.browser, bed.place.path("bars.html"), { width: 480 });
    expect(await page.locator("svg[aria-label^='requests']").boundingBox()).toMatchObject({ width: 420 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(480);
  });

  test("on two logarithmic scales a power is a straight line, with least and most beside each median", async () => {
    const { page, misdeeds } = await openPage(bed.browser, bed.place.path("bars.html"));
    const label = "CPU time, s over cells";
    const [[[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = [], [x3 = 0, y3 = 0] = []] = []] = await linesOf(
      page,
      label,
    );
    expect([x2 - x1, y1 - y2]).toEqual([expect.closeTo(x3 - x2, 0), expect.closeTo(y2 - y3, 0)]);
    expect(y1).toBeGreaterThan(y2);
    expect(await page.locator(`svg[aria-label="${label}"] g[aria-label='rule'] line`).count()).toBe(3);
    expect(misdeeds).toEqual([]);
  });
});

describe("docs/bars.html", () => {
  const kept = "docs/bars.html";

  test("is what the bench draws of its figures", async () => {
    const drawn = curvesIn(await readFile(kept, "utf8"));
    await expect(curvesPage(drawn)).toMatchFileSnapshot(`../../${kept}`);
  });

  test("has a chart of each figure of each curve, and asks for nothing", async () => {
    const drawn = curvesIn(await readFile(kept, "utf8"));
    const { page, misdeeds } = await openPage(bed.browser, kept);
    const charts = drawn.flatMap(({ measures, over }) =>
      Object.values(measures).map((label) => `${label} over ${over}`),
    );
    const labels = page.locator(".charts svg[aria-label*=' over ']");
    expect(await labels.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")))).toEqual(
      charts,
    );
    expect(
      drawn.map(({ title }) => title).filter((title) => title.startsWith("How cost grows")),
    ).toHaveLength(5);
    expect(misdeeds).toEqual([]);
  });

  test("keeps what was not measured anew", () => {
    const [first, second, third] = curves as [(typeof curves)[0], (typeof curves)[1], (typeof curves)[2]];
    const anew = { ...second, machine: "another" };
    const more = { ...third, title: "new" };
    expect(withDrawn([first, second], [more, anew])).toEqual([first, anew, more]);
    expect(curvesIn(curvesPage(curves))).toEqual(curves);
  });
});
