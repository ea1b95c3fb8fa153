import { printMillis } from "../../schedule/print-millis.ts";

/** The longest silence of a run; a line comes after it even when nothing has changed. */
const silenceMs = 2_000;

/** What a command tells while it is at work. */
export interface LiveProgress extends Disposable {
  phase: (line: string) => void;
  /** Something worth a line; what goes on is the same as before. */
  remark: (line: string) => void;
  /** Something that happens by itself: what follows may be silence. */
  event: (line: string) => void;
  ready: (component: string) => void;
  /** How many jobs have ended. */
  ended: (done: number, all: number) => void;
  /**
   * How much of a phase is done, and how long the rest takes: as the caller knows it, else by what is done. Said when
   * nothing else has been said for a while.
   */
  share: (done: number, all: number, secondsLeft?: number) => void;
}

/** Progress as plain lines, readable in a CI log as on a terminal, none further apart than two seconds. */
export function liveProgress(write: (line: string) => void): LiveProgress {
  const started = performance.now();
  let state = "starting";
  let lastLine = started;
  let isAwaited = true;
  const remark = (line: string) => {
    lastLine = performance.now();
    write(`${((lastLine - started) / 1000).toFixed(1).padStart(5)} s  ${line}`);
  };
  const say = (line: string) => {
    state = line;
    remark(line);
  };
  const timer = setInterval(() => {
    if (isAwaited && performance.now() - lastLine >= silenceMs - 100) say(state);
  }, 100);
  let ready: string[] = [];
  let phase = { line: state, began: started };
  return {
    phase: (line) => {
      isAwaited = true;
      say(line);
      phase = { line, began: lastLine };
    },
    remark,
    event: (line) => {
      isAwaited = false;
      say(line);
    },
    ready: (component) => {
      ready = [...ready, component];
      say(`ready: ${ready.join(", ")}`);
    },
    ended: (done, all) => {
      const next = done === all ? "; looking at what they left, and at the API" : "";
      state = `${done} of ${all} jobs have ended${next}`;
      if (done === all || performance.now() - lastLine >= 500) say(state);
    },
    share: (done, all, secondsLeft) => {
      const spent = (performance.now() - phase.began) / 1000;
      const left = secondsLeft ?? (done === 0 ? null : (spent * (all - done)) / done);
      const words = left === null ? "" : `, about ${printMillis(Math.ceil(left) * 1000)} left`;
      state = `${phase.line}: ${Math.floor((100 * done) / all)} %${words}`;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
