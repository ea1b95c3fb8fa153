import { type Command, CommanderError, type Option } from "commander";
import { commandLine } from "../../../harness/commands/program.ts";
import { formats } from "../../../harness/report/formats/index.ts";

/** What the real command line makes of words, with nothing carried out. */
export interface Understood {
  /** Null where it would do what it is asked. */
  error: string | null;
  /** Values of flags that were given, by flag, and of arguments, by their name. */
  given: { name: string; value: string; isRead: boolean }[];
}

/** @param isMention what the command must be given may be left out */
export async function understand(words: readonly string[], isMention: boolean): Promise<Understood> {
  const given: Understood["given"] = [];
  const program = commandLine(() => {}).configureOutput({ writeErr: () => {} });
  for (const command of program.commands) {
    command.configureOutput({ writeErr: () => {} }).action(() => void given.push(...valuesOf(command)));
    if (isMention) requireNothing(command);
  }
  try {
    await program.parseAsync(words, { from: "user" });
    return { error: null, given };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { error: error.exitCode === 0 ? null : error.message, given };
  }
}

function requireNothing(command: Command): void {
  for (const option of command.options) option.mandatory = false;
  for (const argument of command.registeredArguments) argument.required = false;
}

function valuesOf(command: Command): Understood["given"] {
  const named = command.args.map((value, i) => ({
    name: command.registeredArguments[i]?.name() ?? "",
    value,
    isRead: true,
  }));
  const flagged = command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === "cli")
    .flatMap((option) =>
      [command.getOptionValue(option.attributeName()) as unknown]
        .flat()
        .map((value) => ({ name: `--${option.name()}`, value: String(value), isRead: isRead(option) })),
    );
  return [...named, ...flagged];
}

const written = new Set([
  ...Object.entries(formats).flatMap(([name, { to }]) => (to === "file" ? [`--${name}`] : [])),
  "--out",
  "--save",
]);

/** Whether its value is a file or a folder that must be there. */
const isRead = (option: Option): boolean =>
  /<(?:file|folder|key|result|report)(?:\.\.\.)?>/.test(option.flags) && !written.has(`--${option.name()}`);

/** Every flag that some command has. */
export const flags: ReadonlySet<string> = new Set(
  commandLine(() => {}).commands.flatMap(({ options }) => options.map((option) => `--${option.name()}`)),
);
