import type { Browser } from "playwright-core";
import { Place } from "../trust/place.ts";
import { openChromium } from "./chromium.ts";

/** A browser, and a folder for the pages that it opens. */
export interface Bed extends AsyncDisposable {
  place: Place;
  browser: Browser;
}

export async function openBed(): Promise<Bed> {
  await using held = new AsyncDisposableStack();
  const place = held.use(await Place.open());
  const browser = held.use(await openChromium());
  const all = held.move();
  return { place, browser, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
