import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { Place } from "../trust/place.ts";
import { openChromium, openPage } from "./chromium.ts";

/** Makes the pictures of the documents anew: `node suites/report/screenshot.ts`. */

await using place = await Place.open();
const argv = ["replay", resolve("docs/rollout.schedule.json"), "--html", "page.html"];
await place.interlock(...argv, "--config", resolve("interlock.config.ts"));
await using browser = await openChromium();
await mkdir("docs/images", { recursive: true });
const hash = "#cell=current/v5-presto/web&event=42";
for (const scheme of ["light", "dark"] as const) {
  const { page } = await openPage(browser, place.path("page.html"), { scheme, hash, width: 1_150 });
  await page.setViewportSize({ width: 1_150, height: 1_150 });
  await page.evaluate("scrollTo(0, 0)");
  await page.screenshot({ path: `docs/images/report-${scheme}.png`, scale: "css" });
}
