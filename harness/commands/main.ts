import { CommanderError } from "commander";
import { exitCode, InfrastructureError, reasonOf, troubleOf, UsageError } from "../errors.ts";
import { Interrupted, onUncaught } from "../interrupt.ts";
import { newSpelling } from "./old-names.ts";
import { commandLine } from "./program.ts";
import { writeNote, writeResult } from "./shared/output.ts";

/** Runs one command and ends the process: the one place where an error becomes a message and an exit code. */
export async function main(argv: readonly string[]): Promise<never> {
  process.on("exit", refuseEarlyEnd);
  onUncaught((error) => leave(report(error)));
  try {
    await perform(argv);
  } catch (error) {
    process.exitCode = report(error);
  }
  // Abandoned starts may hold timers and sockets; all output is written.
  return leave();
}

/** Ends the process with this code, else with the one that was set. */
function leave(code = process.exitCode): never {
  process.off("exit", refuseEarlyEnd);
  process.exitCode = code;
  return process.exit();
}

/** A config is a program, which may end the process: its code says nothing about the system. */
function refuseEarlyEnd(code: number): void {
  if (code === exitCode.interrupted) return;
  writeNote(
    `interlock: the process was ended with code ${code} before the command was done; see whether the config calls process.exit`,
  );
  process.exitCode = exitCode.usage;
}

async function perform(argv: readonly string[]): Promise<void> {
  const instead = newSpelling(argv);
  if (instead !== null) throw new UsageError(instead);
  let printed = "";
  const program = commandLine((text) => {
    printed += text;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    // Commander throws after help, too, and has said on standard error what else is wrong.
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? exitCode.go : exitCode.usage;
  }
  if (printed !== "") await writeResult(printed);
}

function report(thrown: unknown): number {
  const error = troubleOf(thrown) ?? thrown;
  if (error instanceof UsageError) {
    writeNote(`interlock: ${error.message}`);
    return exitCode.usage;
  }
  if (error instanceof InfrastructureError) {
    writeNote(`interlock: ${error.message}`);
    return exitCode.infrastructure;
  }
  if (error instanceof Interrupted) {
    writeNote(`interlock: stopped by ${error.message}; everything that was started is removed`);
    return exitCode.interrupted;
  }
  writeNote(
    `interlock: a fault of Interlock itself: ${reasonOf(error)}\n${error instanceof Error ? error.stack : ""}`,
  );
  return exitCode.infrastructure;
}
