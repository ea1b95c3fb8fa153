import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { chromium } from "playwright-core";
import { median } from "../harness/quantile.ts";
import type { Bar } from "./bar.ts";
import type { Bench } from "./bench.ts";

/** How soon the HTML page of a large run can be used: its matrix is there and its first red cell is open. */
const rounds = 7;
const what = "HTML page of 1,000 cells x 200 events";

export async function measurePage({ folder, note }: Bench): Promise<Bar[]> {
  note("judging a large run and making its page");
  const file = join(folder, "large.html");
  await execa("node", ["suites/report/write-large-page.ts", file], { preferLocal: true });
  const { size: bytes } = await stat(file);
  await using browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    chromiumSandbox: false,
  });
  const times: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    note(`opening it, ${i + 1} of ${rounds}`);
    const page = await browser.newPage();
    await page.goto(pathToFileURL(file).href);
    await page.locator("html[data-ready]").waitFor({ state: "attached" });
    times.push(Number(await page.evaluate("performance.getEntriesByName('usable')[0].startTime")));
    await page.close();
  }
  const usable = median(times);
  return [
    {
      bar: `${what}, usable from \`file://\``,
      line: "<= 1 s",
      measured: `${(usable / 1000).toFixed(2)} s, median of ${rounds}`,
      met: usable <= 1_000,
    },
    {
      bar: `${what}, size`,
      line: "<= 5 MB",
      measured: `${(bytes / 1e6).toFixed(1)} MB`,
      met: bytes <= 5e6,
    },
  ];
}
