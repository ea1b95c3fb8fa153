import { containers } from "./containers/containers.ts";
import { inProcess } from "./in-process/in-process.ts";
import { direct } from "./in-process/transport.ts";
import type { RigKind } from "./rig.ts";
import { openWire } from "./wire/wire.ts";

/** Every rig. A new one is a folder of its own and a line here. */
export const rigs = {
  /** The fixtures' code in this process, by function calls, under a virtual clock. */
  simulated: inProcess("simulated", () => direct),
  /** The same through real `fetch` and msw. */
  wire: inProcess("wire", openWire),
  /** Images, programs and URLs, with a fault proxy on every link, in real time. */
  containers,
} as const satisfies Readonly<Record<string, RigKind>>;

export type RigName = keyof typeof rigs;
export const rigNames = Object.keys(rigs) as RigName[];
