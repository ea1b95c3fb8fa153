import { execFileSync } from "node:child_process";

/** Lists that take too long to try whole for every change: a change tries one share of them, and each commit another one. */

/** From the commit; 0 outside a repository. */
const turn = readTurn();

function readTurn(): number {
  try {
    const args = ["rev-parse", "--short=7", "HEAD"];
    return Number.parseInt(execFileSync("git", args, { stdio: "pipe", encoding: "utf8" }), 16);
  } catch {
    return 0;
  }
}

/** One of so many shares; neighbours in the list are in different ones. */
export function shareOf<T>(shares: number, all: readonly T[]): readonly T[] {
  return all.filter((_, i) => i % shares === turn % shares);
}
