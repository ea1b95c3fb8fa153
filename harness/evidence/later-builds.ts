import { stepOf } from "../../contracts/steps.ts";
import type { AttestedBuild, ExchangeEvent, HistoryEvent, RunEvent } from "../history/event.ts";

/** A build that a version step brought in; its digest is null where the life never told one, or told several. */
export interface LaterBuild extends Omit<AttestedBuild, "digest"> {
  digest: string | null;
}

/** Those of a whole run, of a rig that attests them. */
export interface LaterBuilds {
  /** Each once, and none of those that were there at the start. */
  builds: readonly LaterBuild[];
  /** Why it is not known which build a step brought in, in words. */
  problems: readonly string[];
}

/**
 * What a build says of itself decides: an API when it is greeted, a worker in every claim of that life. Both must agree with
 * what is written on the image.
 */
export function laterBuilds(events: readonly HistoryEvent[]): LaterBuilds {
  const { builds: first } = events[0] as RunEvent & HistoryEvent;
  const known: LaterBuild[] = [...first];
  const problems: string[] = [];
  events.forEach((event, i) => {
    if (event.kind !== "component" || event.build === undefined) return;
    const { component } = event;
    const { release, digest, image } = event.build;
    const told = new Set([
      ...(digest === null ? [] : [digest]),
      ...claimsOf(component, lifeFrom(events, i)).map(({ request }) => String(Object(request).version ?? "")),
    ]);
    const [one = "", ...others] = told;
    const isKnown = one !== "" && others.length === 0;
    // It ran all the same: whoever asks who took part must hear of it.
    known.push({ component, release, digest: isKnown ? one : null, image });
    if (isKnown) return;
    const who = `${component} as release ${release}`;
    problems.push(
      one === ""
        ? `${who} never said which build it is`
        : `${who} says that it is ${[...told].join(" and ")}`,
    );
  });
  const isFirst = (build: LaterBuild, i: number) => known.findIndex((other) => isSame(build, other)) === i;
  return { builds: known.filter((build, i) => i >= first.length && isFirst(build, i)), problems };
}

/** What follows until another life of the same component begins. */
function lifeFrom(events: readonly HistoryEvent[], start: number): readonly HistoryEvent[] {
  const { component } = events[start] as HistoryEvent & { component: string };
  const rest = events.slice(start + 1);
  const end = rest.findIndex(
    (event) => event.kind === "component" && event.component === component && event.what === "started",
  );
  return end === -1 ? rest : rest.slice(0, end);
}

const claimsOf = (component: string, events: readonly HistoryEvent[]): ExchangeEvent[] =>
  events.filter(
    (event): event is HistoryEvent & ExchangeEvent =>
      event.kind === "exchange" && event.by === component && stepOf(event.operation) === "grant",
  );

const isSame = (a: LaterBuild, b: LaterBuild): boolean =>
  a.component === b.component && a.digest === b.digest && a.image === b.image;
