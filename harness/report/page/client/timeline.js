import { hashOf } from "./address.js";
import { element, inSeconds } from "./dom.js";

/** @import { PageEvent, Timeline } from "../data.ts" */

const colours = {
  domain: ["ok", "fail", "unknown", "fault", "process", "look"],
  range: ["var(--ok)", "var(--fail)", "var(--unknown)", "var(--fault)", "var(--process)", "var(--look)"],
};
const symbols = {
  domain: colours.domain,
  range: ["circle", "times", "diamond2", "star", "square", "triangle"],
};
const laneHeight = 46;

/** @typedef {{ cell: string, history: number, timeline: Timeline, pairs: readonly (readonly number[])[] }} Drawing */

/**
 * A timeline that can be zoomed: by buttons, by keys, by dragging, by the wheel with Ctrl.
 * @param {Drawing} drawing
 */
export function timelineFigure(drawing) {
  const { timeline } = drawing;
  const whole = extentOf(timeline);
  let shown = whole;
  /** @type {number | null} */
  let selected = null;
  const plot = element("div", { class: "plot" });
  const draw = () => {
    if (plot.clientWidth > 0) plot.replaceChildren(drawn(drawing, shown, selected, plot.clientWidth));
  };
  const show = (/** @type {number} */ from, /** @type {number} */ to) => {
    const least = Math.max(0.01, (whole[1] - whole[0]) / 20_000);
    const length = Math.min(whole[1] - whole[0], Math.max(least, to - from));
    const start = Math.min(whole[1] - length, Math.max(whole[0], from));
    shown = [start, start + length];
    draw();
  };
  const zoom = (/** @type {number} */ factor, about = (shown[0] + shown[1]) / 2) =>
    show(about - (about - shown[0]) / factor, about + (shown[1] - about) / factor);
  const pan = (/** @type {number} */ share) => {
    const by = share * (shown[1] - shown[0]);
    show(shown[0] + by, shown[1] + by);
  };
  const keys = {
    "+": () => zoom(2),
    "=": () => zoom(2),
    "-": () => zoom(0.5),
    0: () => show(...whole),
    ArrowLeft: () => pan(-0.25),
    ArrowRight: () => pan(0.25),
  };
  const button = (/** @type {string} */ text, /** @type {string} */ label, /** @type {() => void} */ act) =>
    element("button", { type: "button", "aria-label": label, title: label, click: act }, [text]);
  const figure = element("figure", {}, [
    element("div", { class: "zoom" }, [
      button("+", "zoom in", keys["+"]),
      button("−", "zoom out", keys["-"]),
      button("all", "show all", keys[0]),
      element("span", { class: "hint" }, ["also + − 0 ← → here, Ctrl and the wheel, or drag"]),
    ]),
    plot,
    legend(),
  ]);
  plot.tabIndex = 0;
  plot.setAttribute("role", "group");
  plot.setAttribute("aria-label", "timeline: a lane for each party; the list below holds the same events");
  plot.addEventListener("keydown", (event) => {
    const act = /** @type {Record<string, () => void>} */ (keys)[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  });
  addZoom(plot, () => shown, show);
  new ResizeObserver(draw).observe(plot);
  return {
    figure,
    /** Marks an event and brings it into view. @param {PageEvent | null} event */
    select(event) {
      selected = event?.seq ?? null;
      if (event !== null && (event.at < shown[0] || event.at > shown[1])) {
        const half = (shown[1] - shown[0]) / 2;
        show(event.at - half, event.at + half);
      } else draw();
    },
  };
}

/** @param {Timeline} timeline @returns {[number, number]} */
function extentOf({ events, bands }) {
  const from = Math.min(...events.map(({ at }) => at), ...bands.map((band) => band.from));
  const to = Math.max(...events.map(({ until }) => until), ...bands.map((band) => band.until ?? band.from));
  if (!Number.isFinite(from) || !Number.isFinite(to)) return [0, 1];
  const margin = Math.max(0.5, (to - from) * 0.02);
  return [from - margin, to + margin];
}

/** What d3 says about dragging and the wheel, on a scale of its own.
 * @param {HTMLElement} plot
 * @param {() => readonly [number, number]} shown
 * @param {(from: number, to: number) => void} show */
function addZoom(plot, shown, show) {
  let last = d3.zoomIdentity;
  const behaviour = d3
    .zoom()
    .filter((event) => (event.type === "wheel" ? event.ctrlKey || event.metaKey : event.button === 0))
    .on("zoom", ({ transform, sourceEvent }) => {
      const [from, to] = shown();
      const { left, width } = plot.getBoundingClientRect();
      const at = (/** @type {number} */ x) =>
        from + ((x - marginLeft(width)) / (width - marginLeft(width) - 16)) * (to - from);
      const factor = transform.k / last.k;
      const moved = factor === 1 ? at(transform.x) - at(last.x) : 0;
      last = transform;
      if (factor === 1) return show(from - moved, to - moved);
      const about = at((sourceEvent?.clientX ?? left + width / 2) - left);
      show(about - (about - from) / factor, about + (to - about) / factor);
    });
  d3.select(plot).call(behaviour).on("dblclick.zoom", null);
}

const marginLeft = (/** @type {number} */ width) => (width < 560 ? 92 : 120);

/** @param {Drawing} drawing @param {readonly [number, number]} shown @param {number | null} selected @param {number} width */
function drawn({ cell, history, timeline, pairs }, shown, selected, width) {
  const { lanes, bands, steps } = timeline;
  const lane = (/** @type {number} */ place) => lanes[place] ?? "";
  const [from, to] = shown;
  const inView = timeline.events.filter((event) => event.until >= from && event.at <= to);
  const within = (/** @type {number} */ at) => Math.min(to, Math.max(from, at));
  const s = (/** @type {number} */ at) => within(at) / 1000;
  const told = inView.map((event) => ({ ...event, name: `${inSeconds(event.at)}  ${event.text}` }));
  const calls = told.filter((event) => event.from !== event.to);
  const find = (/** @type {number | undefined} */ seq) => timeline.events.find((event) => event.seq === seq);
  const isSeen = (/** @type {PageEvent | undefined} */ event) =>
    event !== undefined && event.at >= from && event.at <= to;
  const opposed = pairs.flatMap(([one, other]) => {
    const ends = [find(one), find(other)];
    return ends.every(isSeen)
      ? [{ one: /** @type {PageEvent} */ (ends[0]), other: /** @type {PageEvent} */ (ends[1]) }]
      : [];
  });
  const rings = [...new Set(pairs.flat())].map(find).filter(isSeen);
  const current = find(selected ?? undefined);
  const visible = bands.filter((band) => band.from <= to && (band.until ?? Infinity) >= from);
  const svg = Plot.plot({
    width,
    height: lanes.length * laneHeight + 58,
    marginLeft: marginLeft(width),
    marginRight: 16,
    marginTop: 16,
    marginBottom: 42,
    x: { domain: [from / 1000, to / 1000], label: "seconds of the run →", labelOffset: 36, nice: false },
    y: { domain: lanes, type: "band", label: null, tickSize: 0 },
    color: colours,
    symbol: symbols,
    marks: [
      Plot.ruleY(lanes, { stroke: "var(--line)" }),
      Plot.barX(visible, {
        x1: (band) => s(band.from),
        x2: (band) => s(band.until ?? to),
        y: (band) => lane(band.lane),
        fill: "var(--fault)",
        fillOpacity: 0.22,
        title: "text",
      }),
      Plot.ruleX(
        steps.filter(({ at }) => at >= from && at <= to),
        {
          x: (step) => s(step.at),
          stroke: "var(--step)",
          strokeDasharray: "5,3",
          strokeWidth: 1.5,
          title: "text",
        },
      ),
      Plot.text(
        steps.filter(({ at }) => at >= from && at <= to),
        {
          x: (step) => s(step.at),
          text: "text",
          frameAnchor: "top",
          dy: -12,
          dx: 3,
          textAnchor: "start",
          fill: "var(--step)",
        },
      ),
      Plot.link(calls, {
        x1: (event) => s(event.at),
        x2: (event) => s(event.at),
        y1: (event) => lane(event.from),
        y2: (event) => lane(event.to),
        stroke: "tone",
        strokeOpacity: 0.35,
      }),
      Plot.link(calls, {
        x1: (event) => s(event.at),
        x2: (event) => s(event.until),
        y1: (event) => lane(event.from),
        y2: (event) => lane(event.from),
        stroke: "tone",
        strokeWidth: 5,
        strokeOpacity: 0.4,
      }),
      Plot.dot(
        calls.filter((event) => event.at >= from),
        {
          x: (event) => s(event.at),
          y: (event) => lane(event.to),
          r: 1.8,
          fill: "tone",
        },
      ),
      Plot.arrow(opposed, {
        x1: ({ one }) => s(one.at),
        x2: ({ other }) => s(other.at),
        y1: ({ one }) => lane(one.from),
        y2: ({ other }) => lane(other.from),
        stroke: "var(--violation)",
        strokeWidth: 1.5,
        bend: true,
        headLength: 0,
        inset: 9,
      }),
      Plot.dot(rings, {
        x: (event) => s(event.at),
        y: (event) => lane(event.from),
        r: 9,
        stroke: "var(--violation)",
        strokeWidth: 2,
      }),
      ...(isSeen(current) && current
        ? [
            Plot.ruleX([current], { x: (event) => s(event.at), stroke: "var(--accent)", strokeOpacity: 0.7 }),
            Plot.dot([current], {
              x: (event) => s(event.at),
              y: (event) => lane(event.from),
              r: 6.5,
              stroke: "var(--accent)",
              strokeWidth: 2.5,
            }),
          ]
        : []),
      Plot.dot(
        told.filter((event) => event.at >= from),
        {
          x: (event) => s(event.at),
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
          x: (event) => s(event.at),
          y: (event) => lane(event.from),
          title: "name",
          lineWidth: 42,
          fill: "var(--panel)",
          maxRadius: 24,
        }),
      ),
    ],
  });
  // The list of events is the way by keyboard: two hundred stops of Tab are none.
  for (const link of svg.querySelectorAll("a")) link.setAttribute("tabindex", "-1");
  return svg;
}

function legend() {
  const words = {
    ok: "answered",
    fail: "failed, no effect",
    unknown: "unknown outcome",
    fault: "fault",
    process: "process",
    look: "Interlock's look",
  };
  return element(
    "figcaption",
    {},
    Object.entries(words).map(([tone, text]) => element("span", { class: `tone ${tone}` }, [text])),
  );
}
