import type { Secrets } from "../secrets.ts";
import type { HistoryEvent, RunEvent } from "./event.ts";

/**
 * Where anything may stand in an event, as paths: `*` is every key, `!kind` every key but `kind`. All else are words of
 * the harness and names of the config.
 */
const open: Readonly<Record<HistoryEvent["kind"], readonly string[]>> = {
  run: ["scenarios.*.source.rows", "scenarios.*.output.!kind", "scenarios.*.promise"],
  exchange: ["job", "path", "headers.request", "headers.reply", "request", "reply"],
  component: ["detail"],
  fault: [],
  final: ["job", "table", "destination.rows", "result", "residue"],
};

type Change = (text: string) => string;

/**
 * The events with a token in the place of every secret, so that a judge can still compare. A secret that is also a name
 * in the run, such as a password `mysql`, stays: it hides nothing, and the run could not be understood without it.
 */
export function tokeniseEvents(events: readonly HistoryEvent[], secrets: Secrets): HistoryEvent[] {
  const run = events.find((event) => event.kind === "run");
  const tokenise = secrets.tokeniser(new Set(run === undefined ? [] : textsIn(namesOf(run))));
  return events.map((event) =>
    open[event.kind].reduce(
      (copy, path) => changedAt(copy, path.split("."), tokenise) as HistoryEvent,
      event,
    ),
  );
}

/** All of a run but what its jobs read and where they deliver. */
const namesOf = ({ rig, schedule, builds, scenarios }: RunEvent): unknown => [
  rig,
  schedule,
  builds,
  Object.values(scenarios).map(({ source: { rows: _, ...source }, output, promise: __, ...names }) => [
    names,
    source,
    output?.kind,
  ]),
];

function changedAt(value: unknown, [step, ...rest]: readonly string[], change: Change): unknown {
  if (step === undefined) return changed(value, change);
  if (typeof value !== "object" || value === null) return value;
  const isMeant = (key: string) =>
    step === key || step === "*" || (step.startsWith("!") && step !== `!${key}`);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      isMeant(key) ? changedAt(inner, rest, change) : inner,
    ]),
  );
}

/** Texts and keys one by one: in JSON, a secret with a quote or a line break has another look. */
function changed(value: unknown, change: Change): unknown {
  if (typeof value === "string") return change(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((inner: unknown) => changed(inner, change));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [change(key), changed(inner, change)]),
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
