/** The run was stopped from outside; what it started is removed before the process ends. */
export class Interrupted extends Error {
  override name = "Interrupted";
}

let stop: AbortSignal | undefined;
/** Told of the next signal in the place of the run; null where nobody waits for one. */
let awaited: ((name: string) => void) | null = null;

/**
 * Aborted by Ctrl-C, a closed terminal or a polite kill, and by an exception that nobody caught. A second signal ends
 * the process at once. One for the whole process, however many runs ask for it.
 */
export function stopSignal(): AbortSignal {
  stop ??= listen();
  return stop;
}

/**
 * Resolves with the name of the next signal, which then stops nothing but whoever waits here. Later signals, and
 * exceptions that nobody caught, stop the run as ever.
 */
export function nextSignal(): Promise<string> {
  stopSignal();
  return new Promise((resolve) => {
    awaited = resolve;
  });
}

/** Calls `end` with an exception that nobody caught, unless a run is to be stopped first: that ends with it by itself. */
export function onUncaught(end: (error: unknown) => void): void {
  process.on("uncaughtException", (error) => {
    if (stop === undefined) end(error);
  });
}

function listen(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      const end = awaited;
      awaited = null;
      if (end !== null) return end(name);
      if (controller.signal.reason instanceof Interrupted) process.exit(130);
      process.stderr.write(`interlock: ${name}: removing what was started (again: leave at once)\n`);
      controller.abort(new Interrupted(name));
    });
  }
  process.on("uncaughtException", (error) => controller.abort(error));
  return controller.signal;
}
