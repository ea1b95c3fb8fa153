import type { RigKind } from "./rig.ts";

/** Every rig, loaded when it is asked for. A new one is a folder of its own and a line here. */
export const rigs = {
  /** The fixtures' code in this process, by function calls, under a virtual clock. */
  simulated: async () => (await import("./in-process/in-process.ts")).simulated,
  /** The same through real `fetch` and msw. */
  wire: async () => (await import("./wire/wire.ts")).wire,
  /** Images, programs and URLs, with a fault proxy on every link, in real time. */
  containers: async () => (await import("./containers/containers.ts")).containers,
} as const satisfies Readonly<Record<string, () => Promise<RigKind>>>;

export type RigName = keyof typeof rigs;
export const rigNames = Object.keys(rigs) as RigName[];
