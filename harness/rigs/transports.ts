import { direct, type Transport } from "./in-process/transport.ts";
import { openWire } from "./wire/wire.ts";

/** How the processes of an exploration reach each other, by rig. One that is open serves its thread until that ends. */
export const transports = {
  simulated: () => direct,
  wire: openWire,
} as const satisfies Record<string, () => Transport>;

export type ExploredRig = keyof typeof transports;

export const isExplored = (rig: string): rig is ExploredRig => Object.hasOwn(transports, rig);
