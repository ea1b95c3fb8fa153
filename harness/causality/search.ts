import { over, type Seen, shareOf } from "./strip.ts";

/** How many continuations a place gets: few to find where the figure changes, then as many as were asked for. */
export interface Counts {
  search: number;
  full: number;
}

/** Runs some of the continuations of a place, by its index: those with the numbers from the one to the other, less one. */
export type Look = (place: number, from: number, to: number) => Promise<Seen>;

/** The most places that get all continuations, besides the first: those at the largest changes. */
const mostFull = 8;

/**
 * Looks at as few places of a history as tell where its figure changes. The same seeds are drawn at every place, so two
 * places of which every continuation ends alike have nothing decided between them, and what lies between is not looked at.
 *
 * @returns what was seen, by index of the place
 */
export async function search(
  places: number,
  { search: few, full }: Counts,
  look: Look,
): Promise<Map<number, Seen>> {
  const found = new Map<number, Seen>();
  const at = async (place: number): Promise<Seen> => {
    const known = place === places ? over : found.get(place);
    if (known !== undefined) return known;
    const seen = await look(place, 0, few);
    found.set(place, seen);
    return seen;
  };
  const refine = async (from: number, to: number): Promise<void> => {
    if (to - from <= 1 || isAlike(await at(from), await at(to))) return;
    const middle = (from + to) >> 1;
    await at(middle);
    await refine(from, middle);
    await refine(middle, to);
  };
  if (places === 0) return found;
  await at(0);
  await refine(0, places);
  for (const place of [0, ...changes(found, places)].slice(0, mostFull + 1)) {
    const seen = await at(place);
    if (seen.by === "certain" || seen.broken.length >= full) continue;
    const { broken } = await look(place, seen.broken.length, full);
    found.set(place, { by: "simulated", broken: [...seen.broken, ...broken] });
  }
  return told(found, full);
}

/** Both sides of every change, the largest one first. */
function changes(found: ReadonlyMap<number, Seen>, places: number): number[] {
  const known = [...found.keys(), places].sort((a, b) => a - b);
  const share = (place: number) => shareOf(found.get(place) ?? over);
  const steps = known.slice(1).map((to, i) => ({ from: known[i] as number, to }));
  const sorted = steps
    .filter(({ from, to }) => !isAlike(found.get(from) ?? over, found.get(to) ?? over))
    .sort((a, b) => Math.abs(share(b.to) - share(b.from)) - Math.abs(share(a.to) - share(a.from)));
  return [...new Set(sorted.flatMap(({ from, to }) => [from, to]))];
}

/** Without the places that ended as the one before them: they only helped to find changes. */
function told(found: ReadonlyMap<number, Seen>, full: number): Map<number, Seen> {
  const kept = new Map<number, Seen>();
  let last: Seen | null = null;
  for (const [place, seen] of [...found].sort(([a], [b]) => a - b)) {
    const isWhole = seen.by === "certain" || seen.broken.length === full;
    if (!isWhole && last !== null && isAlike(last, seen)) continue;
    kept.set(place, seen);
    last = seen;
  }
  return kept;
}

/** What is certain stands for any number of continuations. */
function isAlike(a: Seen, b: Seen): boolean {
  const lengths = [a, b].map(({ broken, by }) =>
    by === "certain" ? Number.POSITIVE_INFINITY : broken.length,
  );
  const count = Math.min(Math.min(...lengths), Math.max(a.broken.length, b.broken.length));
  const of = ({ broken, by }: Seen, i: number) => broken[by === "certain" ? 0 : i];
  return Array.from({ length: count }, (_, i) => of(a, i) === of(b, i)).every(Boolean);
}
