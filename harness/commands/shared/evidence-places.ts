import { isStore, storeAddress } from "../../evidence/store/address.ts";
import { Store } from "../../evidence/store/store.ts";

/** What was fetched from stores, each run once. */
const cache = ".interlock/store";

/** Folders of evidence; the runs of a store are brought here. */
export async function evidencePlaces(
  places: readonly string[],
  note: (line: string) => void,
): Promise<string[]> {
  const found: string[] = [];
  for (const place of places) {
    if (!isStore(place)) {
      found.push(place);
      continue;
    }
    await using store = await Store.open(storeAddress(place, process.env));
    await store.mustFit();
    found.push(...(await store.fetch(cache, note)));
  }
  return found;
}
