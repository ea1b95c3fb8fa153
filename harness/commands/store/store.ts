import { UsageError } from "../../errors.ts";
import { refuseUnreadable } from "../../evidence/readable.ts";
import { storeAt } from "../shared/evidence-places.ts";
import { openProgress, writeResult } from "../shared/output.ts";

interface StoreFlags {
  put: string[];
  migrate?: true;
}

/** Makes a store, and keeps runs in it. */
export async function action([url = ""]: string[], { put: folders, migrate }: StoreFlags): Promise<void> {
  const { version, open } = storeAt(url);
  if (!migrate && folders.length === 0)
    throw new UsageError("expected --put with folders of runs, or --migrate to make its tables");
  using progress = openProgress();
  // All before any is kept: nothing that a store has can be taken out of it again.
  for (const [i, folder] of folders.entries()) {
    progress.phase(`reading ${folder}, ${i + 1} of ${folders.length}`);
    await refuseUnreadable(folder);
  }
  await using store = await open();
  const lines: string[] = [];
  if (migrate) {
    const had = await store.migrate();
    lines.push(`it was of version ${had} and is of version ${version}`);
  }
  await store.mustFit();
  for (const [i, folder] of folders.entries()) {
    progress.phase(`keeping ${folder}, ${i + 1} of ${folders.length}`);
    lines.push(`${folder}: ${(await store.put(folder)) ? "kept" : "was there already"}`);
  }
  await writeResult(`${lines.join("\n")}\n`);
}
