/** What a command was given that every command which it prints needs as well: printed without it, it would do something else. */

/** A command of the table of commands, by name: whether it has this option. */
export type Accepts = (command: string, option: string) => boolean;

type Needed = (command: string, words: readonly string[]) => boolean;
const wherever: Needed = () => true;
/** A server of a database is there on containers alone, which `run` and others need no flag for. */
const onContainers: Needed = (command, words) => command !== "replay" || words.includes("containers");

/** By option: where a printed command that has it needs it. In the order in which they are printed. */
const needed: Readonly<Record<string, Needed>> = {
  "--rig": wherever,
  "--database": onContainers,
  // The times decide which cells a shard has; the whole matrix is always probed.
  "--durations": (_, words) => words.includes("--shard"),
  "--probe": (_, words) => words.includes("--cell"),
  // Elsewhere a command names the releases that it is about, or a file does.
  "--api": (command) => command === "cells",
  "--config": wherever,
};
export const carriedOptions: readonly string[] = Object.keys(needed);

let given: Readonly<Record<string, string | true>> = {};
let accepts: Accepts = () => false;

/**
 * Says what the command that runs now was given.
 *
 * @param options by option, such as `--config`: its value, or true where it has none
 */
export function carry(options: Readonly<Record<string, string | true>>, has: Accepts): void {
  given = options;
  accepts = has;
}

/** The words of a command, with those that the running command was given and that it needs as well. */
export const withCarried = (command: string, words: readonly string[]): string[] =>
  Object.entries(needed).reduce<string[]>(
    (all, [option, isNeeded]) => {
      const value = given[option];
      if (value === undefined || all.includes(option)) return all;
      if (!accepts(command, option) || !isNeeded(command, all)) return all;
      return value === true ? [...all, option] : [...all, option, value];
    },
    [...words],
  );
