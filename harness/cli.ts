#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { cellsCommand } from "./commands/cells.ts";
import { checkCommand } from "./commands/check.ts";
import { cleanCommand } from "./commands/clean.ts";
import { faultsCommand } from "./commands/faults.ts";
import { replayCommand } from "./commands/replay.ts";
import { runCommand } from "./commands/run.ts";
import { shrinkCommand } from "./commands/shrink.ts";
import { exitCode, InfrastructureError, reasonOf, UsageError } from "./errors.ts";
import { Interrupted } from "./interrupt.ts";

/** `interlock <command>`: the commands, and the one place where an error becomes a message and an exit code. */
const program = new Command("interlock")
  .description("Does every job still end the way it says it ended, for every worker generation?")
  .exitOverride()
  .addCommand(runCommand)
  .addCommand(replayCommand)
  .addCommand(shrinkCommand)
  .addCommand(checkCommand)
  .addCommand(faultsCommand)
  .addCommand(cellsCommand)
  .addCommand(cleanCommand);
for (const command of program.commands) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
// A pipe takes what is written to it bit by bit: an exit before its end would cut the text.
await new Promise<void>((done) => process.stdout.write("", () => done()));
// A start that lost its race may still hold a timer or a socket; everything of worth is written by now.
process.exit();

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.go : exitCode.usage;
  if (error instanceof UsageError) {
    process.stderr.write(`interlock: ${error.message}\n`);
    return exitCode.usage;
  }
  if (error instanceof InfrastructureError) {
    process.stderr.write(`interlock: ${error.message}\n`);
    return exitCode.infrastructure;
  }
  if (error instanceof Interrupted) {
    process.stderr.write(`interlock: stopped by ${error.message}; everything that was started is removed\n`);
    return exitCode.interrupted;
  }
  process.stderr.write(
    `interlock: a fault of Interlock itself: ${reasonOf(error)}\n${error instanceof Error ? error.stack : ""}\n`,
  );
  return exitCode.infrastructure;
}
