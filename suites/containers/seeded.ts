import { sha256 } from "../../harness/secrets.ts";

/** Secrets that two processes can agree on: the same for the same seed and name. */
export const seeded =
  (seed: string) =>
  (name: string): string =>
    sha256(`${seed} ${name}`).slice(0, 32);
