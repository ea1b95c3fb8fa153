import { mkdir } from "node:fs/promises";
import { execa } from "execa";
import { Place } from "../trust/place.ts";
import { openChromium, openPage } from "./chromium.ts";

/** Makes the pictures of the documents anew: `node suites/report/screenshot.ts`. */

await using place = await Place.open();
const argv = ["replay", "docs/rollout.schedule.json", "--html", place.path("page.html")];
await execa(process.execPath, ["harness/cli.ts", ...argv], { reject: false });
await using browser = await openChromium();
await mkdir("docs/images", { recursive: true });
const hash = "#cell=current/v5-presto/web&event=42";
for (const scheme of ["light", "dark"] as const) {
  const { page } = await openPage(browser, place.path("page.html"), { scheme, hash, width: 1_150 });
  await page.setViewportSize({ width: 1_150, height: 1_050 });
  await page.evaluate("scrollTo(0, 0)");
  await page.screenshot({ path: `docs/images/report-${scheme}.png`, scale: "css" });
}
