/** The run was stopped from outside; what it started is removed before the process ends. */
export class Interrupted extends Error {
  override name = "Interrupted";
}

/** A signal that is aborted by Ctrl-C, a closed terminal or a polite kill. A second one ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      process.stderr.write(`interlock: ${name}: removing what was started (again: leave at once)\n`);
      controller.abort(new Interrupted(name));
    });
  }
  return controller.signal;
}
