import { StorageError } from "../../../fixtures/api/store/storage-error.ts";
import { type Build, standardBuild } from "../../../fixtures/build.ts";
import { withStore } from "../../../fixtures/mutants/patches.ts";

/** Builds that are wrong in more than one way, each of which is told by a line of its own. */

interface Wrong {
  patch: (build: Build) => Build;
}

export const wrongIn = (...ways: readonly Wrong[]): Build =>
  ways.reduce((build, { patch }) => patch(build), standardBuild);

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
