import { stat } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bed, openBed } from "./bed.ts";
import { openPage } from "./chromium.ts";
import { writeLargePage } from "./large.ts";

/** A thousand cells of two hundred events each, twenty of them red. How fast it opens is measured by `script/bench page`. */

let bed: Bed;
beforeAll(async () => {
  bed = await openBed();
});
afterAll(() => bed[Symbol.asyncDispose]());

test("a large run is one page of at most 5 MB, searched, filtered, sorted and looked into", async () => {
  const file = bed.place.path("large.html");
  await writeLargePage(file);
  expect((await stat(file)).size).toBeLessThanOrEqual(5_000_000);
  const { page, misdeeds } = await openPage(bed.browser, file);
  const cells = page.locator(".matrix td a");
  const rows = page.locator(".matrix tbody th");
  const shown = page.getByText(/^\d+ of 1000 cases shown$/);
  expect(await shown.innerText()).toBe("1000 of 1000 cases shown");
  expect(await cells.count()).toBe(1_000);

  // Reds come first; another order is asked for.
  expect(await rows.first().innerText()).toBe("scenario-25");
  await page.getByLabel("order of the rows").selectOption("as run");
  expect(await rows.first().innerText()).toBe("scenario-1");

  await page.keyboard.press("/");
  await page.keyboard.type("i5 CDH4");
  expect(await shown.innerText()).toBe("20 of 1000 cases shown");
  await page.getByRole("searchbox").fill("scenario-499");
  expect(await shown.innerText()).toBe("2 of 1000 cases shown");
  await page.getByRole("searchbox").fill("nothing has this");
  expect(await cells.count()).toBe(0);
  await page.getByRole("searchbox").fill("");
  const passes = page.getByRole("checkbox", { name: "pass 980" });
  await passes.uncheck();
  expect(await shown.innerText()).toBe("20 of 1000 cases shown");
  await passes.check();

  // By keyboard from the first cell to the one below it on the right.
  await cells.first().focus();
  for (const key of ["ArrowDown", "ArrowRight", "Enter"]) await page.keyboard.press(key);
  await page.locator("section.cell[aria-label='current/v5-hive-cdh4/scenario-2'] .events").waitFor();
  expect(await page.locator(".events li").count()).toBe(200);
  expect(await page.locator(".events").innerText()).toContain("worker.finish attempt 1 says success");
  // The last cell of all has its timeline too.
  await page.evaluate("location.hash = '#cell=current/v5-hive-cdh4/scenario-499'");
  await page
    .locator("section.cell[aria-label='current/v5-hive-cdh4/scenario-499'] .events li")
    .first()
    .waitFor();
  expect(misdeeds).toEqual([]);
});
