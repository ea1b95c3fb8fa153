import { hashOf } from "./address.js";
import { element, inSeconds } from "./dom.js";
import { eventList } from "./events.js";
import { timelineFigure } from "./timeline.js";
import { timelineAt } from "./unpack.js";
/** @import { PageCell, PageHistory } from "../data.ts" */

/** All about one cell: what was broken, how to repeat it, and what was recorded. @param {PageCell} cell */
export function cellPanel(cell) {
  const { path, verdict, reason, violations, story, millis, repeat, histories, since } = cell;
  const shown = histories.map((history, i) => historyView(cell, history, i));
  const heading = element("h2", { tabindex: -1 }, [
    element("span", { class: `verdict ${verdict}` }, [verdict]),
    ` ${path}`,
  ]);
  const panel = element("section", { class: "cell", "aria-label": path }, [
    heading,
    millis === undefined ? null : element("p", { class: "hint" }, [`took ${inSeconds(millis)}`]),
    since === undefined ? null : element("p", { class: "since" }, [`Δ ${since}`]),
    reason === undefined ? null : element("p", {}, [reason.replace(/:$/, "")]),
    ...violations.map((violation) => violationView(cell, violation)),
    repeat === undefined ? null : repeatView(repeat),
    ...(histories.length === 0
      ? [element("p", { class: "hint" }, ["No history of it is kept in this report."])]
      : []),
    element(
      "div",
      { class: histories.length > 1 ? "side-by-side" : "" },
      shown.map(({ view }) => view),
    ),
    story.length === 0
      ? null
      : element("details", histories.length === 0 ? { open: true } : {}, [
          element("summary", {}, ["Who saw what"]),
          element("pre", {}, [story.join("\n")]),
        ]),
  ]);
  return {
    panel,
    focus: () => heading.focus(),
    /** @param {number} history @param {number | null} event */
    select: (history, event) => Promise.all(shown.map((one, i) => one.select(i === history ? event : null))),
  };
}

/** @param {PageCell} cell @param {PageCell["violations"][number]} violation */
function violationView({ path }, { invariant, definition, witnesses }) {
  return element("div", { class: "violation-of" }, [
    element("h3", {}, [`${invariant}: `, element("span", {}, [definition])]),
    element(
      "ul",
      {},
      witnesses.map(({ text, events }) =>
        element("li", {}, [text, ...events.flatMap((seqs, history) => eventLinks(path, history, seqs))]),
      ),
    ),
  ]);
}

/** Links to the events that do not go together. @param {string} cell @param {number} history @param {readonly number[]} seqs */
function eventLinks(cell, history, seqs) {
  const link = (/** @type {number} */ seq) =>
    element("a", { class: "opposed", href: hashOf({ cell, history, event: seq }) }, [`event #${seq}`]);
  const [one, other] = seqs;
  if (one === undefined) return [];
  const which = history === 0 ? " " : " in the counterexample: ";
  return [
    which,
    link(one),
    other === undefined ? " ≠ the contract" : " ≠ ",
    other === undefined ? null : link(other),
  ];
}

/** @param {string} command */
function repeatView(command) {
  const code = element("code", {}, [command]);
  const said = element("span", { role: "status", class: "hint" });
  const copy = async () => {
    getSelection()?.selectAllChildren(code);
    try {
      await navigator.clipboard.writeText(command);
      said.textContent = "copied";
    } catch {
      said.textContent = "selected: copy it with Ctrl-C";
    }
  };
  return element("p", { class: "repeat" }, [
    "again: ",
    code,
    " ",
    element("button", { type: "button", click: () => void copy() }, ["Copy"]),
    " ",
    said,
  ]);
}

/** @param {PageCell} cell @param {PageHistory} history @param {number} place */
function historyView({ path, violations }, { title, timeline: where, left, causality }, place) {
  const found = violations.flatMap(({ witnesses }) =>
    witnesses.flatMap(({ events }) => ((events[place] ?? []).length === 0 ? [] : [events[place] ?? []])),
  );
  // Several lines of one violation are most often shown by the same two events.
  const pairs = [...new Map(found.map((pair) => [pair.join(" "), pair])).values()];
  const view = element("div", { class: "history" }, [
    element("h3", { class: "title" }, [title]),
    ...left.map((line) => element("p", { class: "hint" }, [line])),
  ]);
  const ready =
    where === null
      ? Promise.resolve(null)
      : timelineAt(where).then((timeline) => {
          if (timeline.events.length === 0) return null;
          const given = { cell: path, history: place, timeline, pairs };
          const figure = timelineFigure(given, causality);
          const list = eventList(given);
          view.append(
            figure.figure,
            element("p", { class: "hint" }, [
              `${timeline.events.length} events: ↑ ↓ to walk, Enter for all of one, o for what contradicts it`,
            ]),
            list.list,
          );
          return { figure, list, events: timeline.events };
        });
  return {
    view,
    /** @param {number | null} seq */
    async select(seq) {
      const drawn = await ready;
      if (drawn === null) return;
      drawn.figure.select(drawn.events.find((event) => event.seq === seq) ?? null);
      const isThere = drawn.list.select(seq);
      if (seq !== null && !isThere)
        view.prepend(
          element("p", { role: "status" }, [`There is no event #${seq} of this cell in this page.`]),
        );
    },
  };
}
