/** The longest silence of a run; a line comes after it even when nothing has changed. */
const silenceMs = 2_000;

/** What a command tells while it is at work. */
export interface LiveProgress extends Disposable {
  phase: (line: string) => void;
  ready: (component: string) => void;
  /** How many jobs have ended. */
  ended: (done: number, all: number) => void;
  /**
   * How much of a phase is done, and how long the rest takes where that is known; said when nothing else has been said
   * for a while.
   */
  share: (done: number, all: number, secondsLeft?: number) => void;
}

/** Progress as plain lines, readable in a CI log as on a terminal, none further apart than two seconds. */
export function liveProgress(write: (line: string) => void): LiveProgress {
  const started = performance.now();
  let doing = "starting";
  let state = doing;
  let lastLine = started;
  const say = (line: string) => {
    state = line;
    lastLine = performance.now();
    write(`${((lastLine - started) / 1000).toFixed(1).padStart(5)} s  ${line}`);
  };
  const timer = setInterval(() => {
    if (performance.now() - lastLine >= silenceMs - 100) say(state);
  }, 100);
  let ready: string[] = [];
  return {
    phase: (line) => {
      doing = line;
      say(line);
    },
    ready: (component) => {
      ready = [...ready, component];
      say(`ready: ${ready.join(", ")}`);
    },
    ended: (done, all) => {
      state = `${done} of ${all} jobs have ended`;
      if (done === all || performance.now() - lastLine >= 500) say(state);
    },
    share: (done, all, secondsLeft) => {
      const left = secondsLeft === undefined ? "" : `, ${Math.ceil(secondsLeft)} s left at most`;
      state = `${doing}: ${Math.floor((100 * done) / all)} % done${left}`;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
