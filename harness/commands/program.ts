import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option, type OptionValues } from "commander";
import { type Accepts, carriedOptions, carry } from "../carried.ts";
import { exitCode } from "../errors.ts";
import { commandTo, ownRoot, pageAt } from "../installation.ts";
import { commands } from "./index.ts";
import { callLoopbackDirectly } from "./loopback.ts";
import { type CommandSpec, groups, type OptionSpec } from "./shared/options.ts";
import { refusePlaces } from "./shared/places.ts";

/** The command line as the table describes it; what it prints by itself, such as help, goes to `print`. */
export function commandLine(print: (text: string) => void): Command {
  const program = new Command("interlock")
    .description("Does every job still end the way it says it ended, for every worker generation?")
    .option("--version", "print the version")
    .on("option:version", () => {
      print(`${version()}\n`);
      throw new CommanderError(exitCode.go, "commander.version", "");
    })
    .addHelpText("after", () => `\n${exitCodes}\nDocs: ${pageAt("")}`)
    .configureOutput({ writeOut: print })
    .showHelpAfterError(nextIs(commandTo("--help")))
    .exitOverride();
  for (const [name, spec] of Object.entries(commands)) describe(program.command(name), spec);
  return program;
}

/** After what the command line itself refuses. */
const nextIs = (help: string): string => `  next: \`${help}\` says what there is`;

const exitCodes = `Exit codes: ${exitCode.go} green or GO; ${exitCode.violation} a promise was broken; ${exitCode.missing} something was not shown;
${exitCode.infrastructure} the machine or Interlock itself failed; ${exitCode.overridden} NO-GO, and somebody answers for going;
${exitCode.usage} wrong usage; ${exitCode.interrupted} stopped by hand`;

const version = (): string =>
  (JSON.parse(readFileSync(join(ownRoot, "package.json"), "utf8")) as { version: string }).version;

function describe(command: Command, spec: CommandSpec): void {
  command.showHelpAfterError(nextIs(commandTo(command.name(), "--help")));
  command.description(spec.description).helpGroup(groups[spec.group]);
  for (const [name, description] of Object.entries(spec.arguments ?? {}))
    command.argument(`<${name}>`, description);
  for (const [flags, option] of Object.entries(spec.options)) command.addOption(optionOf(flags, option));
  command.action(async () => {
    await refusePlaces(spec, command.args, command.opts());
    callLoopbackDirectly();
    carry(givenTo(command), hasOption);
    const act = async () => {
      const { action } = await spec.load();
      // The flags are those of the table, which the command's own type repeats.
      await (action as (args: string[], flags: OptionValues) => Promise<void>)(command.args, command.opts());
    };
    if (!("--reporter <names>" in spec.options)) return await act();
    const { orTrouble } = await import("./shared/reports.ts");
    const flags = command.opts();
    await orTrouble({ title: command.name(), file: command.args[0] ?? flags["config"], flags }, act);
  });
}

const hasOption: Accepts = (name, option) =>
  Object.keys(commands[name]?.options ?? {}).some((flags) => flags.split(" ", 1)[0] === option);

/** The options that are carried into what a command prints, where they are not as by default. */
function givenTo(command: Command): Record<string, string | true> {
  const isAsked = (option: Option) => command.getOptionValueSource(option.attributeName()) === "cli";
  return Object.fromEntries(
    command.options.flatMap((option): [string, string | true][] => {
      const value: unknown = command.getOptionValue(option.attributeName());
      const isCarried = carriedOptions.includes(option.long ?? "") && isAsked(option);
      if (!isCarried || value === option.defaultValue) return [];
      return [[option.long as string, value === true ? true : String(value)]];
    }),
  );
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
