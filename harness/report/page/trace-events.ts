import type { Case, CaseHistory, Report } from "../report.ts";
import type { PageEvent } from "./data.ts";
import { timelineOf } from "./timeline.ts";
import { eventsTold, scheduleOf } from "./told.ts";

/**
 * A trace in the JSON of Chrome. Calls of one party overlap, which a stack of begin and end cannot say: each is a pair of
 * its own (`b` and `e`), with an id. A case is a process, a party a thread, a time is in microseconds.
 */
export function traceOf(report: Report, clean: (text: string) => string): string {
  const traceEvents = report.cases.flatMap((one, i) =>
    (one.histories ?? []).flatMap((history, j) => eventsOf(one, history, i * 10 + j + 1, clean)),
  );
  const { title, verdict, reasons } = report;
  const otherData = { title: clean(title), verdict, reasons: reasons.map(clean) };
  return `${JSON.stringify({ displayTimeUnit: "ms", otherData, traceEvents })}\n`;
}

function eventsOf(one: Case, history: CaseHistory, pid: number, clean: (text: string) => string) {
  const { lanes, events, bands } = timelineOf({
    schedule: scheduleOf(history.events),
    events: eventsTold(history),
    isFull: false,
  });
  const name = clean(`${one.verdict}: ${one.path}`);
  const last = Math.max(0, events.at(-1)?.until ?? 0);
  return [
    { ph: "M", pid, tid: 0, name: "process_name", args: { name } },
    ...lanes.map((lane, i) => ({
      ph: "M",
      pid,
      tid: i + 1,
      name: "thread_name",
      args: { name: clean(lane) },
    })),
    ...events.flatMap((event) => pairOf(event, pid, clean(event.text))),
    ...bands.flatMap(({ lane, from, until, text }, i) =>
      span(
        { pid, tid: lane + 1, cat: "trouble", id: `${pid}.band.${i}`, name: clean(text) },
        { from, until: until ?? Math.max(from, last), args: {} },
      ),
    ),
  ];
}

const pairOf = ({ seq, from, to, at, until, tone }: PageEvent, pid: number, name: string) =>
  span({ pid, tid: from + 1, cat: tone, id: `${pid}.${seq}`, name }, { from: at, until, args: { seq, to } });

interface Named {
  pid: number;
  tid: number;
  cat: string;
  id: string;
  name: string;
}

const span = (named: Named, { from, until, args }: { from: number; until: number; args: object }) => [
  { ph: "b", ...named, ts: micros(from), args },
  { ph: "e", ...named, ts: micros(until) },
];

const micros = (ms: number): number => Math.round(ms * 1_000);
