import { hashOf } from "./address.js";
import { inSeconds } from "./dom.js";

/** @import { Markish } from "@observablehq/plot" */
/** @import { PageEvent, Timeline } from "../data.ts" */

/** Colour and shape tell the same: nobody has to see colours. */
const colours = {
  domain: ["ok", "fail", "unknown", "fault", "process", "look"],
  range: ["var(--ok)", "var(--fail)", "var(--unknown)", "var(--fault)", "var(--process)", "var(--look)"],
};
/** @type {import("@observablehq/plot").ScaleOptions} */
const symbols = {
  domain: colours.domain,
  range: ["circle", "times", "diamond2", "star", "square", "triangle"],
};
const laneHeight = 46;
export const marginRight = 16;
export const marginLeft = (/** @type {number} */ width) => (width < 560 ? 92 : 120);

/** @typedef {{ cell: string, history: number, timeline: Timeline, pairs: readonly (readonly number[])[] }} Drawing */

/**
 * What is drawn, with how a moment of it becomes a place: all that lies outside of what is shown, at its edge.
 * @typedef {Drawing & {
 *   isShown: (at: number) => boolean,
 *   x: (at: number) => number,
 *   lane: (place: number) => string,
 *   find: (seq: number | null | undefined) => PageEvent | undefined,
 *   told: readonly (PageEvent & { name: string })[],
 * }} View
 */

/** @param {Drawing} drawing @param {readonly [number, number]} shown @param {number | null} selected @param {number} width */
export function drawn(drawing, [from, to], selected, width) {
  const { lanes, events } = drawing.timeline;
  /** @type {View} */
  const view = {
    ...drawing,
    isShown: (at) => at >= from && at <= to,
    x: (at) => Math.min(to, Math.max(from, at)) / 1000,
    lane: (place) => lanes[place] ?? "",
    find: (seq) => events.find((event) => event.seq === seq),
    told: events
      .filter((event) => event.until >= from && event.at <= to)
      .map((event) => ({ ...event, name: `${inSeconds(event.at)}  ${event.text}` })),
  };
  const svg = Plot.plot({
    width,
    height: lanes.length * laneHeight + 58,
    marginLeft: marginLeft(width),
    marginRight,
    marginTop: 16,
    marginBottom: 42,
    x: { domain: [from / 1000, to / 1000], label: "seconds of the run →", labelOffset: 36, nice: false },
    y: { domain: [...lanes], type: "band", label: null, tickSize: 0 },
    color: colours,
    symbol: symbols,
    marks: [
      Plot.ruleY([...lanes], { stroke: "var(--line)" }),
      ...troubleMarks(view, to),
      ...callMarks(view),
      ...contradictionMarks(view),
      ...selectionMarks(view, view.find(selected)),
      ...eventMarks(view),
    ],
  });
  // The list of events is the way by keyboard: two hundred stops of Tab are none.
  for (const link of svg.querySelectorAll("a")) link.setAttribute("tabindex", "-1");
  return svg;
}

/** Faults and absences as bands, releases as lines. @param {View} view @param {number} end @returns {Markish[]} */
function troubleMarks({ timeline: { bands, steps }, isShown, x, lane }, end) {
  const until = (/** @type {typeof bands[number]} */ band) => band.until ?? Number.POSITIVE_INFINITY;
  const visible = bands.filter(
    (band) => isShown(band.from) || isShown(until(band)) || (band.from <= end && until(band) >= end),
  );
  const taken = steps.filter(({ at }) => isShown(at));
  return [
    Plot.barX(visible, {
      x1: (band) => x(band.from),
      x2: (band) => x(until(band)),
      y: (band) => lane(band.lane),
      fill: "var(--fault)",
      fillOpacity: 0.22,
      title: "text",
    }),
    Plot.ruleX(taken, {
      x: (step) => x(step.at),
      stroke: "var(--step)",
      strokeDasharray: "5,3",
      strokeWidth: 1.5,
      title: "text",
    }),
    Plot.text(taken, {
      x: (step) => x(step.at),
      text: "text",
      frameAnchor: "top",
      dy: -12,
      dx: 3,
      textAnchor: "start",
      fill: "var(--step)",
    }),
  ];
}

/** Who called whom, and how long the caller waited. @param {View} view @returns {Markish[]} */
function callMarks({ told, isShown, x, lane }) {
  const calls = told.filter((event) => event.from !== event.to);
  return [
    Plot.link(
      calls.filter((event) => isShown(event.at)),
      {
        x: (event) => x(event.at),
        y1: (event) => lane(event.from),
        y2: (event) => lane(event.to),
        stroke: "tone",
        strokeOpacity: 0.35,
      },
    ),
    Plot.link(calls, {
      x1: (event) => x(event.at),
      x2: (event) => x(event.until),
      y: (event) => lane(event.from),
      stroke: "tone",
      strokeWidth: 5,
      strokeOpacity: 0.4,
    }),
    Plot.dot(
      calls.filter((event) => isShown(event.at)),
      { x: (event) => x(event.at), y: (event) => lane(event.to), r: 1.8, fill: "tone" },
    ),
  ];
}

/** The events that do not go together, ringed and joined. @param {View} view @returns {Markish[]} */
function contradictionMarks({ pairs, find, isShown, x, lane }) {
  const seen = (/** @type {number | undefined} */ seq) => {
    const event = find(seq);
    return event !== undefined && isShown(event.at) ? [event] : [];
  };
  const joined = pairs.flatMap(([a, b]) =>
    seen(a).flatMap((one) => seen(b).map((other) => ({ one, other }))),
  );
  return [
    Plot.arrow(joined, {
      x1: ({ one }) => x(one.at),
      x2: ({ other }) => x(other.at),
      y1: ({ one }) => lane(one.from),
      y2: ({ other }) => lane(other.from),
      stroke: "var(--violation)",
      strokeWidth: 1.5,
      bend: true,
      headLength: 0,
      inset: 9,
    }),
    Plot.dot([...new Set(pairs.flat())].flatMap(seen), {
      x: (event) => x(event.at),
      y: (event) => lane(event.from),
      r: 9,
      stroke: "var(--violation)",
      strokeWidth: 2,
    }),
  ];
}

/** @param {View} view @param {PageEvent | undefined} selected @returns {Markish[]} */
function selectionMarks({ isShown, x, lane }, selected) {
  if (selected === undefined || !isShown(selected.at)) return [];
  const [at, y] = [x(selected.at), lane(selected.from)];
  return [
    Plot.ruleX([at], { stroke: "var(--accent)", strokeOpacity: 0.7 }),
    Plot.dot([at], { x: [at], y: [y], r: 6.5, stroke: "var(--accent)", strokeWidth: 2.5 }),
  ];
}

/** Every event, as a link to itself. @param {View} view @returns {Markish[]} */
function eventMarks({ cell, history, told, isShown, x, lane }) {
  return [
    Plot.dot(
      told.filter((event) => isShown(event.at)),
      {
        x: (event) => x(event.at),
        y: (event) => lane(event.from),
        symbol: "tone",
        fill: "tone",
        stroke: "tone",
        strokeWidth: 1.5,
        r: 4,
        href: (event) => hashOf({ cell, history, event: event.seq }),
        ariaLabel: "name",
      },
    ),
    Plot.tip(
      told,
      Plot.pointer({
        x: (/** @type {PageEvent} */ event) => x(event.at),
        y: (/** @type {PageEvent} */ event) => lane(event.from),
        title: "name",
        lineWidth: 42,
        fill: "var(--panel)",
        maxRadius: 24,
      }),
    ),
  ];
}
