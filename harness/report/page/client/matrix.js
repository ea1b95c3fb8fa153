import { hashOf } from "./address.js";
import { element, moveFocus } from "./dom.js";

/** @import { PageCell } from "../data.ts" */

/** @type {Record<PageCell["verdict"], string>} */
const marks = { pass: "✓", violation: "✕", missing: "?", infrastructure: "!" };
/** @type {readonly PageCell["verdict"][]} */
const worstFirst = ["violation", "infrastructure", "missing", "pass"];
/** Above this many columns a matrix is no longer one: each case has a row of its own. */
const mostColumns = 12;

/** @typedef {{ words: string, verdicts: ReadonlySet<string>, order: string, isChanged: boolean }} Wish */
/** @typedef {{ name: string, cells: (PageCell | undefined)[] }} Row */

/** @type {Record<string, (a: Row, b: Row) => number>} */
export const orders = {
  "as run": () => 0,
  "reds first": (a, b) => worst(a) - worst(b),
  name: (a, b) => (a.name < b.name ? -1 : 1),
  slowest: (a, b) => longest(b) - longest(a),
};
const worst = (/** @type {Row} */ { cells }) =>
  Math.min(...cells.flatMap((cell) => (cell === undefined ? [] : [worstFirst.indexOf(cell.verdict)])));
const longest = (/** @type {Row} */ { cells }) => Math.max(...cells.map((cell) => cell?.millis ?? 0));

/** The cells that are asked for. @param {readonly PageCell[]} all @param {Wish} wish */
export function wanted(all, { words, verdicts, isChanged }) {
  const parts = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return all.filter(
    (cell) =>
      verdicts.has(cell.verdict) &&
      (!isChanged || cell.since !== undefined) &&
      parts.every((part) => textOf(cell).includes(part)),
  );
}

/** @type {WeakMap<PageCell, string>} */
const texts = new WeakMap();
/** All that a search looks into. @param {PageCell} cell */
function textOf(cell) {
  const known = texts.get(cell);
  if (known !== undefined) return known;
  const { path, verdict, reason = "", violations, story, since = "" } = cell;
  const seen = violations.flatMap(({ invariant, definition, witnesses }) => [
    invariant,
    definition,
    ...witnesses.map(({ text }) => text),
  ]);
  const text = [path, verdict, reason, since, ...seen, ...story].join("\n").toLowerCase();
  texts.set(cell, text);
  return text;
}

/** The last part of a path is a row, what comes before it a column. @param {readonly PageCell[]} cells */
export function layout(cells) {
  const split = cells.map((cell) => {
    const at = cell.path.lastIndexOf("/");
    return { cell, column: cell.path.slice(0, Math.max(0, at)), row: cell.path.slice(at + 1) };
  });
  const columns = [...new Set(split.map(({ column }) => column))];
  if (columns.length > mostColumns || columns.length === cells.length)
    return { columns: [""], rows: cells.map((cell) => ({ name: cell.path, cells: [cell] })) };
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (const { cell, column, row } of split) {
    const known = rows.get(row) ?? { name: row, cells: columns.map(() => undefined) };
    known.cells[columns.indexOf(column)] = cell;
    rows.set(row, known);
  }
  return { columns, rows: [...rows.values()] };
}

/** @param {readonly PageCell[]} cells @param {string} order @param {string | null} selected */
export function matrixTable(cells, order, selected) {
  const { columns, rows } = layout(cells);
  const sorted = rows.toSorted(orders[order] ?? (() => 0));
  const body = element(
    "tbody",
    { keydown: onMatrixKey },
    sorted.map((row) =>
      element("tr", {}, [
        element("th", { scope: "row" }, [row.name]),
        ...row.cells.map((cell) => element("td", {}, cell === undefined ? [] : [cellLink(cell, selected)])),
      ]),
    ),
  );
  const links = linksIn(body);
  const first = links.find((link) => link.getAttribute("aria-current") === "true") ?? links[0];
  if (first !== undefined) first.tabIndex = 0;
  const heads = columns.map((column) => element("th", { scope: "col" }, [column || "verdict"]));
  return element("table", { class: "matrix" }, [
    element("thead", {}, [element("tr", {}, [element("th", { scope: "col" }, ["case"]), ...heads])]),
    body,
  ]);
}

/** @param {PageCell} cell @param {string | null} selected */
function cellLink(cell, selected) {
  const { path, verdict, violations, since } = cell;
  const ids = violations.map(({ invariant }) => invariant).join(" ");
  return element(
    "a",
    {
      href: hashOf({ cell: path }),
      class: verdict,
      tabindex: -1,
      title: [path, verdict, ids, since ?? ""].filter(Boolean).join(" · "),
      "aria-label": [path, verdict, ids, since ?? ""].filter(Boolean).join(", "),
      "aria-current": path === selected ? "true" : undefined,
    },
    [
      marks[verdict],
      ids === "" ? null : element("small", {}, [ids]),
      since === undefined ? null : element("small", { class: "since" }, ["Δ"]),
    ],
  );
}

/** @param {Element} within @returns {HTMLElement[]} */
export const linksIn = (within) => [...within.querySelectorAll("a")];

/** Arrow keys go from cell to cell, Home and End to the first and last. @param {KeyboardEvent} event */
function onMatrixKey(event) {
  const { target, currentTarget, key } = event;
  if (!(target instanceof HTMLAnchorElement) || !(currentTarget instanceof HTMLElement)) return;
  const all = linksIn(currentTarget);
  const row = target.closest("tr");
  const column = [...(row?.children ?? [])].findIndex((one) => one.contains(target));
  const below = (/** @type {"nextElementSibling" | "previousElementSibling"} */ way) => {
    for (let next = row?.[way] ?? null; next !== null; next = next[way]) {
      const link = next.children[column]?.querySelector("a");
      if (link) return all.indexOf(link) - all.indexOf(target);
    }
    return 0;
  };
  /** @type {Record<string, () => number>} */
  const steps = {
    ArrowRight: () => 1,
    ArrowLeft: () => -1,
    ArrowDown: () => below("nextElementSibling"),
    ArrowUp: () => below("previousElementSibling"),
    Home: () => -all.length,
    End: () => all.length,
  };
  const step = steps[key];
  if (step === undefined) return;
  event.preventDefault();
  moveFocus(all, target, step());
}
