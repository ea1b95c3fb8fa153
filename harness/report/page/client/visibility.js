import { element, inSeconds } from "./dom.js";

/** @import { Visibility } from "../data.ts" */

/** How long it took until imported records were seen, as a curve. @param {Visibility} visibility */
export function visibilityFigure({ seen, promisedMs }) {
  const sorted = seen.map(([, ms]) => ms).toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const longest = sorted.at(-1) ?? 0;
  const words = `How long until imported records were seen: ${seen.length} chunks, median ${inSeconds(middle)}, longest ${inSeconds(longest)}; promised within ${inSeconds(promisedMs)}`;
  const points = seen.map(([at, ms]) => ({ at: at / 1000, seconds: ms / 1000 }));
  const svg = Plot.plot({
    height: 200,
    marginLeft: 56,
    x: { label: "taken, in seconds of the run →", nice: true },
    y: {
      label: "↑ seconds until seen",
      domain: [0, Math.max(longest / 1000, 0.001)],
      nice: true,
      grid: true,
    },
    marks: [
      Plot.ruleY([0], { stroke: "var(--line)" }),
      Plot.lineY(points, { x: "at", y: "seconds", stroke: "var(--look)" }),
      Plot.dot(points, {
        x: "at",
        y: "seconds",
        fill: "var(--look)",
        title: ({ at, seconds }) => `taken at ${at.toFixed(2)} s, seen ${seconds.toFixed(2)} s later`,
      }),
    ],
  });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", words);
  return element("details", { class: "visibility" }, [element("summary", {}, [words]), svg]);
}
