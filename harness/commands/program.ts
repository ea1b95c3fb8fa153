import { Command, InvalidArgumentError, Option, type OptionValues } from "commander";
import { commands } from "./index.ts";
import { callLoopbackDirectly } from "./loopback.ts";
import type { CommandSpec, OptionSpec } from "./shared/options.ts";

/** The command line as the table describes it; what it prints by itself, such as help, goes to `print`. */
export function commandLine(print: (text: string) => void): Command {
  const program = new Command("interlock")
    .description("Does every job still end the way it says it ended, for every worker generation?")
    .configureOutput({ writeOut: print })
    .exitOverride();
  for (const [name, spec] of Object.entries(commands)) describe(program.command(name), spec);
  return program;
}

function describe(command: Command, spec: CommandSpec): void {
  command.description(spec.description);
  for (const [name, description] of Object.entries(spec.arguments ?? {}))
    command.argument(`<${name}>`, description);
  for (const [flags, option] of Object.entries(spec.options)) command.addOption(optionOf(flags, option));
  command.action(async () => {
    await callLoopbackDirectly();
    const { action } = await spec.load();
    // The flags are those of the table, which the command's own type repeats.
    await (action as (args: string[], flags: OptionValues) => Promise<void>)(command.args, command.opts());
  });
}

function optionOf(flags: string, spec: OptionSpec): Option {
  const option = new Option(flags, spec.description);
  if (spec.range !== undefined) option.argParser(wholeNumber(...spec.range));
  if (spec.choices !== undefined) option.choices(spec.choices);
  if (spec.required) option.makeOptionMandatory();
  return spec.default === undefined ? option : option.default(spec.default);
}

const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (/^\d{1,10}$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
