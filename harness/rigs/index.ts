import { InfrastructureError } from "../errors.ts";
import type { RigKind } from "./rig.ts";

/** Every rig, loaded when it is asked for. A new one is a folder of its own and a line here. */
export const rigs = {
  /** The fixtures' code in this process, by function calls, under a virtual clock. */
  simulated: async () => (await import("./in-process/in-process.ts")).simulated,
  /** The same through real `fetch` and msw. */
  wire: async () => (await import("./wire/wire.ts").catch(withoutMsw)).wire,
  /** Images, programs and URLs, with a fault proxy on every link, in real time. */
  containers: async () => (await import("./containers/containers.ts")).containers,
} as const satisfies Readonly<Record<string, () => Promise<RigKind>>>;

export type RigName = keyof typeof rigs;
export const rigNames = Object.keys(rigs) as RigName[];

/** The package that others install does not bring msw: no other rig needs it. */
function withoutMsw(error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes("'msw")) throw error;
  throw new InfrastructureError(
    {
      component: "wire rig",
      expected: "the package msw, through which it takes requests off the wire",
      happened: "it is not installed",
      next: "install it (`npm i -D msw@3`), or take `--rig simulated`, which needs none",
    },
    error,
  );
}
