import { UsageError } from "../../errors.ts";
import { readableRuns } from "../../evidence/readable.ts";
import { storeAt } from "../shared/evidence-places.ts";
import { openProgress, writeResult } from "../shared/output.ts";

interface StoreFlags {
  put: string[];
  migrate?: true;
}

/** Makes a store, and keeps runs in it: all that a gate can read. */
export async function action([url = ""]: string[], { put: places, migrate }: StoreFlags): Promise<void> {
  const { version, open } = storeAt(url);
  if (!migrate && places.length === 0)
    throw new UsageError("expected --put with folders of runs, or --migrate to make its tables");
  using progress = openProgress();
  // Before the store is asked: what a gate cannot read must not come into it, since nothing can be taken out again.
  const { readable, refused } = await readableRuns(places, progress.phase);
  const of = readable.length + refused.length;
  if (!migrate && readable.length === 0) throw unkept(refused, of);
  await using store = await open();
  if (migrate) await writeResult(`it was of version ${await store.migrate()} and is of version ${version}\n`);
  await store.mustFit();
  for (const [i, folder] of readable.entries()) {
    progress.phase(`keeping ${folder}, ${i + 1} of ${readable.length}`);
    try {
      // A line each as it is kept: what is told stands, whatever becomes of the next.
      await writeResult(`${folder}: ${(await store.put(folder)) ? "kept" : "was there already"}\n`);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refused.push(error.message);
    }
  }
  if (refused.length > 0) throw unkept(refused, of);
}

const unkept = (refused: readonly string[], of: number): UsageError =>
  new UsageError([`--put: ${refused.length} of ${of} not kept:`, ...refused].join("\n  "));
