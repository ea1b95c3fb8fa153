import { isStore as isDatabase, storeAddress } from "../../evidence/store/address.ts";
import { FolderStore, folderOf, folderVersion } from "../../evidence/store/folder.ts";
import { Store } from "../../evidence/store/store.ts";
import { storeVersion } from "../../evidence/store/tables.ts";

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
    await using store = await storeAt(place).open();
    await store.mustFit();
    found.push(...(await store.fetch(cache, note)));
  }
  return found;
}

/** Whether a place of evidence is a store that machines share, and no folder of runs. */
const isStore = (place: string): boolean => isDatabase(place) || folderOf(place) !== null;

interface StoreKind {
  /** Of its tables, or of its folder. */
  version: number;
  /** @throws InfrastructureError where nobody answers */
  open: () => Promise<Store | FolderStore>;
}

/** The store of a URL, not opened yet. @throws UsageError for a URL of none */
export function storeAt(url: string): StoreKind {
  const folder = folderOf(url);
  if (folder !== null) return { version: folderVersion, open: async () => new FolderStore(folder) };
  const address = storeAddress(url, process.env);
  return { version: storeVersion, open: () => Store.open(address) };
}
