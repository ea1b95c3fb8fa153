import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { judgeHistory } from "../harness/invariants/judge.ts";
import { checkReport } from "../harness/report/check.ts";
import { html } from "../harness/report/formats/html.ts";
import { median } from "../harness/report/quantile.ts";
import { largeRun } from "../harness/testing/large-run.ts";
import type { Bar } from "./bar.ts";
import type { Bench } from "./bench.ts";

/** How soon the HTML page of a large run can be used: its matrix is there and its first red cell is open. */
const rounds = 7;
const size = { cells: 1_000, events: 200 };

export async function measurePage({ folder, note }: Bench): Promise<Bar[]> {
  note(`making a page of ${size.cells} cells x ${size.events} events`);
  const events = largeRun(size);
  const report = checkReport({ file: "large", events, judgement: judgeHistory(events), unfired: [] });
  const began = performance.now();
  const file = join(folder, "large.html");
  await writeFile(file, await html.renderClean(report, (text) => text));
  const made = performance.now() - began;
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
  const what = `HTML page of ${size.cells} cells x ${size.events} events`;
  return [
    {
      bar: `${what}, usable from \`file://\``,
      line: "<= 1 s",
      measured: `${(usable / 1000).toFixed(2)} s, median of ${rounds}; made in ${(made / 1000).toFixed(1)} s`,
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
