import type { MachineFigures } from "./machine.ts";

/**
 * Whether a machine gave the system the time to do its work. What was not done in time on a starved one says nothing
 * about the system, unless a component of it used the CPU itself.
 */

/** Whoever else uses more of all cores than this leaves too little. A job has more than ten times the time it needs. */
const othersShare = 0.7;
/** Less than this of all cores is idle on a machine that has none left. */
const idleShare = 0.1;
/** So long somebody had to wait, of the whole time. */
const waitedShare = 0.5;
/** A component that used more than this of what the whole system used, and of all cores, has starved the others itself. */
const greedyShare = 0.65;
const leastGreed = 0.02;
/** A component that a quota stopped for this long cannot show how fast it is. */
const heldShare = 0.5;
/** A process that waited this long for a core cannot measure time. */
const stillMs = 3_000;

/** Why what did not happen in this time says nothing, with the figures; null where it does. */
export function starvedBy(figures: MachineFigures): string | null {
  const held = Object.entries(figures.components).find(([, { held: share }]) => share >= heldShare);
  if (held !== undefined)
    return `a CPU quota kept ${held[0]} from running for ${percent(held[1].held)} of the time`;
  if (greedyOf(figures) !== null) return null;
  if (stoodStill(figures))
    return `Interlock itself stood still for ${seconds(figures.lagMs)}; ${inWords(figures)}`;
  return othersTookAll(figures) ? `others starved the machine: ${inWords(figures)}` : null;
}

/** The component that took the CPU from the others; null where none did. */
export function greedyOf({ components, cores }: MachineFigures): string | null {
  const uses = Object.entries(components).flatMap(([name, { used }]) =>
    used === null ? [] : [{ name, used }],
  );
  const all = uses.reduce((sum, { used }) => sum + used, 0);
  const isGreedy = ({ used }: { used: number }) => used > greedyShare * all && used >= leastGreed * cores;
  return uses.find(isGreedy)?.name ?? null;
}

/** A late event loop that computed itself is no victim. */
const stoodStill = ({ lagMs, own, ms }: MachineFigures): boolean => lagMs >= stillMs && own * ms < lagMs / 2;

const othersTookAll = ({ cores, busy, others, waited }: MachineFigures): boolean =>
  busy !== null &&
  others !== null &&
  busy >= cores * (1 - idleShare) &&
  others >= cores * othersShare &&
  (waited === null || waited >= waitedShare);

/** All figures in one line. */
export function inWords({ cores, own, others, waited, lagMs, components }: MachineFigures): string {
  const used = Object.entries(components).map(
    ([name, { used: share }]) => `${name} ${share === null ? "not measured" : two(share)}`,
  );
  return [
    others === null ? "use by others not measured" : `others used ${two(others)} of ${cores} cores`,
    ...(waited === null ? [] : [`somebody waited for a core ${percent(waited)} of the time`]),
    `Interlock used ${two(own)} and was late by up to ${seconds(lagMs)}`,
    ...used,
  ].join(", ");
}

const two = (cores: number): string => cores.toFixed(2);
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
