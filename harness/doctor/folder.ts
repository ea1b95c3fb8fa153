import { atLeast, type Checks, fail, gibibyte, inBytes, mebibyte, ok, warn } from "./check.ts";

/** What the folder is where runs are kept, `.interlock/runs` below the working directory. */
export interface FolderFacts {
  path: string;
  /** Why no file can be written, read and removed there; null where that works. */
  trouble: string | null;
  /** Permissions of a folder that was made for its owner alone; null where none could be made. */
  mode: number | null;
  /** Bytes and files that this user may still write; null where the system does not tell it. */
  bytes: number | null;
  files: number | null;
  /** Runs that are kept. */
  runs: number;
}

const cleanUp = "remove runs that nobody needs from it, or make room on its disk";

export const folderChecks = {
  writable: {
    expected: "a folder in which files can be written and removed",
    why: "the history is written while the run is under way",
    judge: ({ path, trouble }) =>
      trouble === null
        ? ok(path)
        : fail(`${path}: ${trouble}`, "run as its owner, or from a folder that this user may write to"),
  },
  private: {
    expected: "a file system that keeps a folder for its owner alone",
    why: "a run's folder holds keys and passwords of its components",
    judge: ({ mode, path }) => {
      if (mode === null) return fail(`${path}: no folder can be made`, "see the check `writable`");
      const told = mode.toString(8).padStart(3, "0");
      return (mode & 0o077) === 0
        ? ok(`mode ${told}`)
        : warn(`mode ${told}: others may read it`, "run from a folder on a disk of this machine's own");
    },
  },
  disk: {
    expected: "at least 512 MiB of free disk; 2 GiB are at ease",
    why: "a run keeps its history and its logs",
    judge: ({ bytes }) =>
      atLeast(
        bytes,
        { fail: 512 * mebibyte, warn: 2 * gibibyte },
        (free) => `${inBytes(free)} free`,
        cleanUp,
      ),
  },
  files: {
    expected: "room for at least 1,000 more files; 20,000 are at ease",
    why: "large values of a history are files of their own",
    judge: ({ files }) => atLeast(files, { fail: 1000, warn: 20_000 }, (free) => `${free} free`, cleanUp),
  },
  runs: {
    expected: "at most 500 runs that are kept",
    why: "each command that looks for evidence or left-over processes goes through all of them",
    judge: ({ runs, path }) =>
      runs > 500 ? warn(`${runs} in ${path}`, "remove those that nobody needs") : ok(String(runs)),
  },
} as const satisfies Checks<FolderFacts>;
