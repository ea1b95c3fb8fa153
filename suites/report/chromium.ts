import { access } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { InfrastructureError } from "../../harness/errors.ts";

/** A real browser: Debian's Chromium, or Chrome where it is there already. */

const places = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

export async function openChromium(): Promise<Browser> {
  const found = await Promise.all(
    places.map((place) =>
      access(place).then(
        () => place,
        () => null,
      ),
    ),
  );
  const executablePath = found.find((place) => place !== null);
  if (executablePath === undefined)
    throw new InfrastructureError({
      component: "chromium",
      expected: `a browser at ${places.join(" or ")}`,
      happened: "there is none",
      next: "script/setup --browser, or `apt-get install chromium`",
    });
  return await chromium.launch({ executablePath, chromiumSandbox: false });
}

/** A page that was opened from a file, and what it did that a report must not do. */
export interface Opened {
  page: Page;
  /** Requests for anything but the page itself, errors and what the console was told. */
  misdeeds: string[];
}

interface Look {
  hash?: string;
  scheme?: "light" | "dark";
  width?: number;
}

export async function openPage(browser: Browser, file: string, look: Look = {}): Promise<Opened> {
  const { hash = "", scheme = "light", width = 1_400 } = look;
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  const misdeeds: string[] = [];
  const address = pathToFileURL(file).href;
  page.on("request", (request) => {
    if (request.url().split("#", 1)[0] !== address) misdeeds.push(`request ${request.url()}`);
  });
  page.on("console", (message) => misdeeds.push(`console ${message.type()} ${message.text()}`));
  page.on("pageerror", (error) => misdeeds.push(`error ${error.message}`));
  page.on("dialog", (dialog) => {
    misdeeds.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`${address}${hash}`);
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
  return { page, misdeeds };
}
