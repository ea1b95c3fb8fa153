import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { operations } from "../../contracts/operations.ts";
import { type Bed, openBed } from "./bed.ts";
import { openPage } from "./chromium.ts";

/** The page of a red replay in a real browser: what it shows, and how it is walked by keyboard. */

const cell = "current/v5-presto/web";
let bed: Bed;
beforeAll(async () => {
  bed = await openBed();
  const example = resolve("docs/rollout.schedule.json");
  const argv = ["replay", example, "--html", "page.html", "--config", resolve("interlock.config.ts")];
  const said = await bed.place.interlock(...argv);
  if (said.exitCode !== 1) throw new Error(`the replay is not red: ${said.stderr}`);
});
afterAll(() => bed[Symbol.asyncDispose]());
afterEach(() => Promise.all(bed.browser.contexts().map((context) => context.close())));

const open = (look: Parameters<typeof openPage>[2] = {}) =>
  openPage(bed.browser, bed.place.path("page.html"), look);
const hashOf = (page: Page) => page.evaluate("location.hash");
const focused = (page: Page) => page.locator(":focus");

test("opens from a file, asks for nothing and shows what broke and how to repeat it", async () => {
  const { page, misdeeds } = await open();
  expect(await page.locator("h1").innerText()).toMatch(
    /^VIOLATION\s+replay .*rollout\.schedule\.json on simulated$/i,
  );
  expect(await page.locator("header").innerText()).toContain(
    `covered: 6 of ${Object.keys(operations).length} operations`,
  );
  const panel = page.locator("section.cell");
  expect(await panel.innerText()).toContain("its destination holds 0 rows where 4 belong");
  expect(await panel.locator(".repeat code").innerText()).toMatch(/^script\/interlock replay /);
  expect(await page.locator(".plot svg").textContent()).toMatch(
    /customerapiworker-v5-1worker-v5-2MySQLdestinationInterlock/,
  );
  expect(misdeeds).toEqual([]);
});

test("the two events that contradict each other are reached by keyboard alone", async () => {
  const { page, misdeeds } = await open();
  // The first red cell is open, and its heading has the focus.
  await page.keyboard.press("Tab");
  expect(await focused(page).innerText()).toMatch(/^event #\d+$/);
  await page.keyboard.press("Enter");
  const row = page.locator("li[aria-current=true]");
  await row.waitFor();
  expect(await row.innerText()).toMatch(/worker\.finish attempt 1 says success/);
  expect(await focused(page).getAttribute("data-seq")).toBe(await row.getAttribute("data-seq"));
  const first = await hashOf(page);
  const others = new Set<unknown>([first]);
  for (let i = 0; i < 3; i += 1) {
    const before = await row.getAttribute("data-seq");
    await page.keyboard.press("o");
    await page.locator(`li[aria-current=true]:not([data-seq="${before}"])`).waitFor();
    others.add(await hashOf(page));
    if ((await row.innerText()).includes("last look: the database holds success")) break;
  }
  expect(await row.innerText()).toContain("last look: the database holds success");
  expect(await row.innerText()).toMatch(/"destination": \{\s+"rows": \[\]/);
  expect(others.size).toBeGreaterThan(1);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  expect(await row.getAttribute("data-seq")).not.toBeNull();
  await page.keyboard.press("Escape");
  expect(await focused(page).getAttribute("href")).toBe(`#cell=${cell}`);
  expect(misdeeds).toEqual([]);
});

test("a fragment names a cell and one of its events, and a narrow page does not scroll sideways", async () => {
  const { page } = await open({ hash: `#cell=${cell}&event=29` });
  const row = page.locator("li[aria-current=true]");
  await row.waitFor();
  expect(await row.getAttribute("data-seq")).toBe("29");
  await page.evaluate("location.hash = '#cell=nobody/has/it'");
  await page.getByText("There is no case nobody/has/it in this report.").waitFor();
  await page.evaluate(`location.hash = "#cell=${cell}&event=9999"`);
  await page.getByText("There is no event #9999").waitFor();
  expect(await row.count()).toBe(0);
  await page.setViewportSize({ width: 380, height: 700 });
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(380);
});

test("the timeline is zoomed and moved by keys, and shows fault bands and version steps", async () => {
  const { page, misdeeds } = await open();
  const plot = page.locator(".plot");
  const shown = async () => await plot.locator("svg g[aria-label='dot']").last().locator("a").count();
  const all = await shown();
  expect(await plot.locator("svg g[aria-label='bar'] rect").count()).toBe(3);
  expect(await plot.locator("svg").innerHTML()).toContain("api → 2015-08-24");
  await plot.focus();
  for (const _ of [1, 2, 3]) await page.keyboard.press("+");
  const zoomed = await shown();
  expect(zoomed).toBeLessThan(all);
  for (const _ of [1, 2, 3, 4]) await page.keyboard.press("ArrowRight");
  expect(await shown()).not.toBe(all);
  await page.keyboard.press("0");
  expect(await shown()).toBe(all);
  const box = await plot.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 400, (box?.y ?? 0) + 100);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -600);
  await page.keyboard.up("Control");
  await expect.poll(shown).toBeLessThan(all);
  expect(misdeeds).toEqual([]);
});

test.each([
  ["light", [600, 765]],
  ["dark", [0, 150]],
] as const)("every text can be told from its ground, %s", async (scheme, [least, most]) => {
  const { page } = await open({ scheme, hash: `#cell=${cell}&event=29` });
  const ratios = (await page.evaluate(contrasts)) as { text: string; ratio: number }[];
  expect(ratios.length).toBeGreaterThan(50);
  expect(ratios.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
  const ground = (await page.evaluate("getComputedStyle(document.body).backgroundColor")) as string;
  const light = (ground.match(/\d+/g) ?? []).map(Number).reduce((sum, one) => sum + one, 0);
  expect(light).toBeGreaterThanOrEqual(least);
  expect(light).toBeLessThanOrEqual(most);
});

test("the command is copied, and nothing can be loaded or sent: the page forbids it by itself", async () => {
  const { page } = await open();
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByText(/^(copied|selected: copy it with Ctrl-C)$/).waitFor();
  expect(await page.evaluate("getSelection().toString()")).toMatch(/^script\/interlock replay /);
  const tried = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', (error) => String(error))");
  expect(await tried).toContain("TypeError");
  const html = await readFile(bed.place.path("page.html"), "utf8");
  expect(html).toMatch(
    /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/,
  );
  const [script] = html.match(/script-src [^;]*/) ?? [];
  expect(script).not.toMatch(/unsafe|https?:|\*/);
});

/** In the page: contrast of each text with the ground behind it, as WCAG computes it. */
const contrasts = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const ground = (one) => {
    const layers = [];
    for (let at = one; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, [r, g, b, a]) => {
      const share = a / 255;
      return [r, g, b].map((value, i) => value * share + below[i] * (1 - share));
    }, [255, 255, 255]);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const v = value / 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const texts = [...document.querySelectorAll("body *")].filter((one) =>
    !(one instanceof SVGElement) && one.checkVisibility() && [...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim() !== ""));
  return texts.map((one) => {
    const [a, b] = [luminance(rgba(getComputedStyle(one).color).slice(0, 3)), luminance(ground(one))];
    return { text: one.textContent.slice(0, 40), ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
  });
})()`;

test("how long it took until imported records were seen is drawn, and said for those who do not see it", async () => {
  const schedule = await bed.place.put("streams.json", {
    format: 2,
    workload: { jobs: [{ scenario: "streaming-import", engine: "presto" }], workers: 1 },
    releases: { api: "current", workers: { v5: "current", v6: "current" } },
    seed: 1,
    faults: [],
  });
  const config = resolve("interlock.config.ts");
  const said = await bed.place.interlock("replay", schedule, "--html", "streams.html", "--config", config);
  expect(said).toMatchObject({ exitCode: 0 });
  const { page, misdeeds } = await openPage(bed.browser, bed.place.path("streams.html"));
  const figure = page.locator("details.visibility");
  const words = await figure.locator("summary").innerText();
  expect(words).toMatch(
    /^How long .*: 2 chunks, median [\d.]+ s, longest [\d.]+ s; promised within 60\.00 s$/,
  );
  await figure.locator("summary").press("Enter");
  await figure.locator("svg").waitFor();
  expect(await figure.locator("svg").getAttribute("aria-label")).toBe(words);
  expect(await figure.locator("svg g[aria-label='dot'] circle").count()).toBe(2);
  expect(misdeeds).toEqual([]);
});
