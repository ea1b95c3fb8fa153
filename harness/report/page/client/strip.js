import { hashOf } from "./address.js";
import { marginLeft, marginRight } from "./drawing.js";

/** @import { PageCausality } from "../data.ts" */
/** @import { Drawing } from "./drawing.js" */

const height = 120;

/**
 * How likely the violation is at each event, on the time of the timeline above it.
 * @param {PageCausality} causality
 * @param {Drawing} drawing
 * @param {readonly [number, number]} shown
 * @param {number} width
 */
export function stripDrawn({ words, events, peak }, { cell, history, timeline }, [from, to], width) {
  const told = new Map(timeline.events.map((event) => [event.seq, event]));
  const points = events.flatMap(({ seq, probability, isOwn }) => {
    const event = told.get(seq);
    return event === undefined
      ? []
      : [
          {
            seq,
            probability,
            isOwn,
            x: event.at / 1000,
            name: `${Math.round(probability * 100)} % since event #${seq}, ${event.text}`,
          },
        ];
  });
  // What lies outside is at an edge, so that the line goes on to it.
  const clipped = points.map((point) => ({
    ...point,
    x: Math.min(to / 1000, Math.max(from / 1000, point.x)),
  }));
  const visible = points.filter(({ x }) => x >= from / 1000 && x <= to / 1000);
  const peaks = visible.filter(({ seq }) => seq === peak);
  const last = clipped.at(-1);
  const line = last === undefined ? [] : [...clipped, { ...last, x: to / 1000 }];
  const svg = Plot.plot({
    width,
    height,
    marginLeft: marginLeft(width),
    marginRight,
    marginTop: 16,
    marginBottom: 8,
    x: { domain: [from / 1000, to / 1000], axis: null, nice: false },
    y: { domain: [0, 100], percent: true, ticks: 3, label: "↑ violation, %" },
    marks: [
      Plot.ruleY([0, 1], { stroke: "var(--line)" }),
      Plot.areaY(line, {
        x: "x",
        y: "probability",
        curve: "step-after",
        fill: "var(--violation)",
        fillOpacity: 0.18,
      }),
      Plot.lineY(line, { x: "x", y: "probability", curve: "step-after", stroke: "var(--violation)" }),
      Plot.ruleX(peaks, { x: "x", stroke: "var(--violation)", strokeDasharray: "3,3" }),
      Plot.dot(
        visible.filter(({ isOwn, seq }) => isOwn || seq === peak),
        {
          x: "x",
          y: "probability",
          r: ({ seq }) => (seq === peak ? 6 : 3),
          fill: "var(--violation)",
          href: ({ seq }) => hashOf({ cell, history, event: seq }),
          ariaLabel: "name",
          title: "name",
        },
      ),
    ],
  });
  svg.classList.add("causality");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", words.join("; "));
  for (const link of svg.querySelectorAll("a")) link.setAttribute("tabindex", "-1");
  return svg;
}
