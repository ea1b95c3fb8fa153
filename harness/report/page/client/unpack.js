/** @import { PageData, Timeline, Tone } from "../data.ts" */
/** @import { Packed, PackedTimeline } from "../pack.ts" */

/** @type {Map<number, Promise<Packed>>} */
const unpacked = new Map();

/** @type {readonly Tone[]} */
const toneNames = ["ok", "fail", "unknown", "fault", "process", "look"];

/** All of the page has been read. @type {Promise<unknown>} */
export const wholePage =
  document.readyState === "loading"
    ? new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve))
    : Promise.resolve();

/** @returns {PageData} */
export const readData = () => JSON.parse(document.getElementById("data")?.textContent ?? "");

/** Whether the page ends where it should. */
export const hasEnd = () => document.getElementById("end") !== null;

/** How many of the page's parts are missing: a page may be cut short.
 * @param {PageData} data */
export const missingParts = ({ parts }) =>
  Array.from({ length: parts }).filter((_, i) => document.getElementById(`part-${i}`) === null).length;

/** @param {readonly [number, number]} where @returns {Promise<Timeline>} */
export async function timelineAt([part, place]) {
  await wholePage;
  const known = unpacked.get(part) ?? inflate(document.getElementById(`part-${part}`)?.textContent ?? "");
  unpacked.set(part, known);
  const { words, timelines } = await known;
  return rows(/** @type {PackedTimeline} */ (timelines[place]), words);
}

/** @param {string} base64 @returns {Promise<Packed>} */
async function inflate(base64) {
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return JSON.parse(await new Response(stream).text());
}

/** @param {PackedTimeline} packed @param {readonly string[]} words @returns {Timeline} */
function rows({ lanes, seq, from, to, at, ms, tone, text, more, bands, steps }, words) {
  const word = (/** @type {number | undefined} */ place) => words[place ?? -1] ?? "";
  const [seqs, times] = [sums(seq), sums(at)];
  return {
    lanes: lanes.map(word),
    events: seqs.map((number, i) => ({
      seq: number,
      from: from[i] ?? 0,
      to: to[i] ?? 0,
      at: (times[i] ?? 0) / 100,
      until: ((times[i] ?? 0) + (ms[i] ?? 0)) / 100,
      tone: toneNames[tone[i] ?? 0] ?? "ok",
      text: word(text[i]),
      more: word(more[i]),
    })),
    bands: bands.map((band) => ({ ...band, text: word(band.text) })),
    steps: steps.map((step) => ({ ...step, text: word(step.text) })),
  };
}

/** @param {readonly number[]} differences */
function sums(differences) {
  let sum = 0;
  return differences.map((one) => (sum += one));
}
