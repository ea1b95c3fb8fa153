import { hashOf } from "./address.js";
import { element, inSeconds, moveFocus } from "./dom.js";
/** @import { PageEvent, Timeline } from "../data.ts" */

/**
 * The events of a timeline as a list that is read and walked by keyboard.
 * @param {{ cell: string, history: number, timeline: Timeline, pairs: readonly (readonly number[])[] }} given
 */
export function eventList({ cell, history, timeline, pairs }) {
  const { events, lanes } = timeline;
  const rows = events.map((event) => eventRow(event, lanes, { cell, history, pairs }));
  const [first] = rows;
  if (first !== undefined) first.tabIndex = 0;
  const list = element("ol", { class: "events", keydown: onEventKey }, rows);
  const row = (/** @type {number} */ seq) => rows.find((one) => one.dataset["seq"] === String(seq));
  return {
    list,
    /** Marks an event, shows what is kept of it, and goes there. @param {number | null} seq */
    select(seq) {
      for (const one of rows) {
        if (one.getAttribute("aria-current") !== "true") continue;
        one.removeAttribute("aria-current");
        one.querySelector("pre")?.remove();
      }
      const chosen = seq === null ? undefined : row(seq);
      if (chosen === undefined) return false;
      const more = events.find((event) => event.seq === seq)?.more ?? "";
      for (const one of rows) one.tabIndex = one === chosen ? 0 : -1;
      chosen.setAttribute("aria-current", "true");
      chosen.append(
        element("pre", {}, [more === "" ? "What was asked and answered is not kept in this page." : more]),
      );
      chosen.focus();
      chosen.scrollIntoView({ block: "nearest" });
      return true;
    },
  };
}

/** @param {PageEvent} event @param {readonly string[]} lanes
 * @param {{ cell: string, history: number, pairs: readonly (readonly number[])[] }} where */
function eventRow({ seq, at, until, from, to, tone, text }, lanes, { cell, history, pairs }) {
  const others = pairs
    .filter((pair) => pair.includes(seq))
    .flat()
    .filter((one) => one !== seq);
  const isShown = pairs.some((pair) => pair.includes(seq));
  const whom = from === to ? lanes[from] : `${lanes[from]} → ${lanes[to]}`;
  return element(
    "li",
    {
      "data-seq": seq,
      "data-hash": hashOf({ cell, history, event: seq }),
      class: isShown ? "opposed" : "",
      tabindex: -1,
    },
    [
      element("a", { class: "seq", href: hashOf({ cell, history, event: seq }), tabindex: -1 }, [`#${seq}`]),
      element("time", {}, [inSeconds(at)]),
      element("span", { class: "whom" }, [whom ?? ""]),
      element("span", { class: `tone ${tone}` }, [text]),
      until > at ? element("span", { class: "took" }, [`${(until - at).toFixed(1)} ms`]) : null,
      isShown
        ? element("strong", {}, [
            others.length === 0
              ? "≠ the contract"
              : `≠ ${[...new Set(others)].map((one) => `#${one}`).join(" ")}`,
          ])
        : null,
    ],
  );
}

/** Up and down go from event to event, `o` to what contradicts this one, Enter shows all of it. @param {KeyboardEvent} event */
function onEventKey(event) {
  const { target, currentTarget, key } = event;
  if (!(target instanceof HTMLLIElement) || !(currentTarget instanceof HTMLElement)) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const all = /** @type {HTMLElement[]} */ ([...currentTarget.children]);
  const opposed = all.filter((one) => one.classList.contains("opposed"));
  const next = opposed.find((one) => all.indexOf(one) > all.indexOf(target)) ?? opposed[0];
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowDown: () => moveFocus(all, target, 1),
    ArrowUp: () => moveFocus(all, target, -1),
    PageDown: () => moveFocus(all, target, 10),
    PageUp: () => moveFocus(all, target, -10),
    Home: () => moveFocus(all, target, -all.length),
    End: () => moveFocus(all, target, all.length),
    Enter: () => void (location.hash = target.dataset["hash"] ?? ""),
    o: () => next && void (location.hash = next.dataset["hash"] ?? ""),
  };
  const act = keys[key];
  if (act === undefined) return;
  event.preventDefault();
  act();
}
