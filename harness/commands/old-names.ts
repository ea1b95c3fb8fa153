import { parseArgs } from "node:util";
import { shellWords } from "../shell-words.ts";

/** Flags that `run` had for what is now `explore`. */
const options = {
  rig: { type: "string" },
  seed: { type: "string" },
  random: { type: "string" },
  grid: { type: "boolean" },
} as const;

/** `clean` does what `clean --dead` did; what `clean` did is now `clean --all`. */
const deadOnly = "--dead";

/** What to type instead of a command line that an earlier version accepted; null for any other. */
export function newSpelling([name, ...args]: readonly string[]): string | null {
  if (name === "faults") return `faults is now mutants: ${interlock("mutants", args)}`;
  if (name === "clean" && args.includes(deadOnly))
    return `clean --dead is now clean: ${interlock(
      "clean",
      args.filter((arg) => arg !== deadOnly),
    )}`;
  if (name !== "run") return null;
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const used = tokens.flatMap((token) => (token.kind === "option" && token.name in options ? [token] : []));
  if (used.length === 0) return null;
  const rig = used.find((token) => token.name === "rig");
  if (rig?.value !== "containers")
    return `run ${used[0]?.rawName} is now explore: ${interlock("explore", args)}`;
  const rest = args.toSpliced(rig.index, rig.inlineValue ? 1 : 2);
  return `run needs no --rig, it is always in containers: ${interlock("run", rest)}`;
}

const interlock = (command: string, args: readonly string[]): string =>
  shellWords(["interlock", command, ...args]);
