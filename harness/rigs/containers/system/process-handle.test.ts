import { expect, test } from "vitest";
import { Pauses } from "../docker/pauses.ts";
import type { Ground, Part } from "./part.ts";
import { ProcessHandle } from "./process-handle.ts";

/** A process whose engine says these things, one after the other, when it is asked to freeze it; then it does. */
async function paused(...says: string[]) {
  let asked = 0;
  const container = {
    pause: async () => {
      const problem = says[asked++];
      if (problem !== undefined) throw new Error(problem);
    },
  };
  const ground = { docker: { getContainer: () => container }, pauses: new Pauses() } as unknown as Ground;
  const outside = { host: "127.0.0.1", port: 1 };
  const handle = new ProcessHandle({ name: "api", outside, containerId: "1", exited: null } as Part, ground);
  const outcome = await handle.pause().catch((error: Error) => error.message);
  return { outcome, asked, state: handle.state };
}

const busy = "(HTTP code 500) server error - Cannot pause container 1: unable to freeze";

test("an engine that cannot freeze a process in time is asked again", async () => {
  expect(await paused(busy, busy)).toEqual({ outcome: true, asked: 3, state: "paused" });
});

test("any other trouble is told at once, and the process counts as running", async () => {
  const gone = "(HTTP code 404) no such container - No such container: 1";
  expect(await paused(gone)).toEqual({ outcome: gone, asked: 1, state: "running" });
});
