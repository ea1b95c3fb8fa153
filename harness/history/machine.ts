import type { Millis } from "../../contracts/values.ts";
import type { HistoryEvent, MachineEvent } from "./event.ts";

/** What a stretch of a run shows of its machine. CPU time is in cores: 1 is one core that was busy all the time. */
export interface MachineFigures {
  /** Real time. */
  ms: Millis;
  cores: number;
  /** The longest time by which Interlock's own event loop was late. */
  lagMs: Millis;
  own: number;
  /** Null where nothing tells it. */
  busy: number | null;
  /** Used neither by Interlock nor by a component that can be measured. */
  others: number | null;
  /** The share of the time in which somebody was ready to run and had to wait. */
  waited: number | null;
  components: Readonly<Record<string, ComponentFigures>>;
}

export interface ComponentFigures {
  used: number | null;
  /** The share of the time in which a CPU quota kept it from running. */
  held: number;
}

/** The figures from one moment of a history to another; null where it has none, as in process. */
export function machineIn(
  events: readonly HistoryEvent[],
  { from, to }: { from: Millis; to: Millis } = { from: 0, to: Number.POSITIVE_INFINITY },
): MachineFigures | null {
  const all = events.filter((event) => event.kind === "machine");
  // A figure is about the time before it: the first one after the stretch has the end of it.
  const last = all.find(({ at }) => at >= to)?.at ?? to;
  const some = all.filter(({ at }) => at > from && at <= last);
  return figuresOf(some);
}

/** The figures over several looks; null where there was none. */
export const figuresOf = (some: readonly MachineEvent[]): MachineFigures | null =>
  some.length === 0 ? null : overAll(some);

function overAll(some: readonly MachineEvent[]): MachineFigures {
  const ms = sum(some.map((one) => one.ms));
  const share = (part: Millis | null) => (part === null ? null : part / ms);
  const ofAll = (pick: (one: MachineEvent) => Millis | null) => share(sumOrNull(some.map(pick)));
  const names = [...new Set(some.flatMap(({ components }) => Object.keys(components)))];
  const components = Object.fromEntries(
    names.map((name): [string, ComponentFigures] => {
      const uses = some.flatMap((one) => one.components[name] ?? []);
      return [
        name,
        {
          // A process that was dead for a while has no clock then, and has used nothing.
          used: uses.every(({ usedMs }) => usedMs === null)
            ? null
            : sum(uses.map(({ usedMs }) => usedMs ?? 0)) / ms,
          held: sum(uses.map(({ heldMs }) => heldMs)) / ms,
        },
      ];
    }),
  );
  const figures = {
    ms,
    cores: Math.max(...some.map(({ cores }) => cores)),
    lagMs: Math.max(...some.map(({ lagMs }) => lagMs)),
    own: sum(some.map(({ ownMs }) => ownMs)) / ms,
    busy: ofAll(({ busyMs }) => busyMs),
    waited: ofAll(({ waitedMs }) => waitedMs),
    components,
  };
  return { ...figures, others: othersIn(figures) };
}

/** Of two systems that ran at the same time, each beside the other: what both used is theirs, and not that of others. */
export function together(one: Named, other: Named): MachineFigures {
  const prefixed = ({ name, figures }: Named) =>
    Object.entries(figures.components).map(([component, use]): [string, ComponentFigures] => [
      `${name} ${component}`,
      use,
    ]);
  const components = Object.fromEntries([...prefixed(one), ...prefixed(other)]);
  const { figures } = one;
  return { ...figures, components, others: othersIn({ ...figures, components }) };
}

interface Named {
  name: string;
  figures: MachineFigures;
}

function othersIn({ busy, own, components }: Omit<MachineFigures, "others">): number | null {
  const ours = own + sum(Object.values(components).map(({ used }) => used ?? 0));
  return busy === null ? null : Math.max(0, busy - ours);
}

const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);

const sumOrNull = (all: readonly (number | null)[]): number | null =>
  all.some((one) => one === null) ? null : sum(all as readonly number[]);
