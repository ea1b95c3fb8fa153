import { element } from "./dom.js";
import { drawn, marginLeft, marginRight } from "./drawing.js";
import { stripDrawn } from "./strip.js";

/** @import { PageCausality, PageEvent, Timeline } from "../data.ts" */
/** @import { Drawing } from "./drawing.js" */

/**
 * A timeline that can be zoomed: by buttons, by keys, by dragging, by the wheel with Ctrl.
 * @param {Drawing} drawing
 * @param {PageCausality | undefined} causality
 */
export function timelineFigure(drawing, causality) {
  const { timeline } = drawing;
  const whole = extentOf(timeline);
  let shown = whole;
  /** @type {number | null} */
  let selected = null;
  const plot = element("div", { class: "plot" });
  const draw = () => {
    const width = plot.clientWidth;
    if (width === 0) return;
    const strip = causality === undefined ? [] : [stripDrawn(causality, drawing, shown, width)];
    plot.replaceChildren(drawn(drawing, shown, selected, width), ...strip);
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
    ...(causality?.words ?? []).map((line) => element("p", { class: "hint" }, [line])),
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
        from + ((x - marginLeft(width)) / (width - marginLeft(width) - marginRight)) * (to - from);
      const factor = transform.k / last.k;
      const moved = factor === 1 ? at(transform.x) - at(last.x) : 0;
      last = transform;
      if (factor === 1) return show(from - moved, to - moved);
      const about = at((sourceEvent?.clientX ?? left + width / 2) - left);
      show(about - (about - from) / factor, about + (to - about) / factor);
    });
  d3.select(plot).call(behaviour).on("dblclick.zoom", null);
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
