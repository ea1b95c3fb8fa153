import { StorageError } from "../../../fixtures/api/store/storage-error.ts";
import { type Build, standardBuild } from "../../../fixtures/build.ts";
import exportKeyIgnored from "../../../fixtures/mutants/api/export/export-key-ignored.ts";
import loadKeyIgnored from "../../../fixtures/mutants/api/load/load-key-ignored.ts";
import deletionKeyIgnored from "../../../fixtures/mutants/api/range/deletion-key-ignored.ts";
import tableExportKeyIgnored from "../../../fixtures/mutants/api/table-export/table-export-key-ignored.ts";
import { over, withStore } from "../../../fixtures/mutants/patches.ts";
import loadOfFirstPage from "../../../fixtures/mutants/worker/load/load-of-first-page.ts";
import rowsDropped from "../../../fixtures/mutants/worker/output/rows-dropped-in-silence.ts";
import rangeKept from "../../../fixtures/mutants/worker/range/range-counted-and-kept.ts";

/** Builds that are wrong in more than one way, each of which is told by a line of its own. */

interface Wrong {
  patch: (build: Build) => Build;
}

export const wrongIn = (...ways: readonly Wrong[]): Build =>
  ways.reduce((build, { patch }) => patch(build), standardBuild);

/** Whoever has sent an order again, because no answer came, has two jobs. */
export const keysIgnored = wrongIn(
  loadKeyIgnored,
  deletionKeyIgnored,
  tableExportKeyIgnored,
  exportKeyIgnored,
);

/** Each success has done a part of what was ordered, or nothing. */
export const doneByHalf = wrongIn(loadOfFirstPage, rangeKept, rowsDropped);

/** A part is acknowledged although the database has refused it. */
export const partUnstored: Wrong = {
  patch: (build) =>
    withStore(build, (store) => ({
      transaction: async (label, work) => {
        try {
          return await store.transaction(label, work);
        } catch (error) {
          if (label !== "bulk_import.upload_part" || !(error instanceof StorageError)) throw error;
          return undefined as never;
        }
      },
    })),
};

/** Wrong in its answers alone: a process whose importer does not know an error is no longer there to answer. */
export const inAnswers = ({ patch }: Wrong): Wrong => ({
  patch: (build) => ({
    ...patch(build),
    apiPorts(ports) {
      const [right, wrong] = [build.apiPorts(ports), patch(build).apiPorts(ports)];
      const storeFor = (label: string) => (byItself.has(label) ? right : wrong).store;
      const transaction: typeof wrong.store.transaction = (label, work) =>
        storeFor(label).transaction(label, work);
      return { ...wrong, store: over(wrong.store, { transaction }) };
    },
  }),
});
const byItself: ReadonlySet<string> = new Set(["importer", "scheduler"]);
