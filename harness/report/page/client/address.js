/**
 * What is looked at, as the fragment of the page's address: `#cell=current/v5-presto/web&event=14`; `in=1` is the second
 * history of the cell.
 * @typedef {{ cell: string | null, event: number | null, history: number }} Place
 */

/** @param {string} hash @returns {Place} */
export function placeIn(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const number = (/** @type {string} */ name) =>
    /^\d{1,9}$/.test(parts.get(name) ?? "") ? Number(parts.get(name)) : null;
  return { cell: parts.get("cell"), event: number("event"), history: number("in") ?? 0 };
}

/** @param {Partial<Place>} place */
export function hashOf({ cell = null, event = null, history = 0 }) {
  const parts = new URLSearchParams();
  if (cell !== null) parts.set("cell", cell);
  if (history > 0) parts.set("in", String(history));
  if (event !== null) parts.set("event", String(event));
  // A slash needs no escape, and a path is easier to read with it.
  return `#${parts.toString().replaceAll("%2F", "/")}`;
}
