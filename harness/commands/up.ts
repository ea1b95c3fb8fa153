import { tokeniseEvents } from "../history/tokenise.ts";
import { nextSignal, stopSignal } from "../interrupt.ts";
import { judgeHistory } from "../invariants/judge.ts";
import { checkReport } from "../report/check.ts";
import { visitLines } from "../report/visit-lines.ts";
import { sweepBefore } from "../rigs/containers/docker/leftovers.ts";
import { runUp } from "../up/run-up.ts";
import { openConfig } from "./config.ts";
import { runsFolder } from "./defaults.ts";
import { openProgress, writeNote } from "./output.ts";
import { type ReportFlags, tellAddresses, writeReports } from "./reports.ts";

interface UpFlags extends ReportFlags {
  config: string;
  api?: string;
  without: string[];
}

/** Brings the system up, leaves it to whoever asked until Ctrl-C, and judges what was done to it. */
export async function action(_: string[], flags: UpFlags): Promise<void> {
  const { config, secrets } = await openConfig(flags.config);
  const api = flags.api ?? config.current;
  const { without } = flags;
  const title = `up, API ${api}`;
  await writeReports({ flags, title, redact: secrets.redact }, async () => {
    const signal = stopSignal();
    await sweepBefore(runsFolder, writeNote);
    using progress = openProgress(secrets.redact);
    const lineOf = visitLines();
    const { file, events } = await runUp({
      config,
      secrets,
      api,
      without,
      runsFolder,
      progress,
      signal,
      during: async (addresses) => {
        const ended = nextSignal();
        await tellAddresses(addresses, flags);
        progress.event("every component ready and attested; Ctrl-C ends it");
        progress.phase(`${await ended}: judging what was done, then removing what was started`);
      },
      onEvent: (event, isOver) => {
        // Before its words are shortened: of a secret that was cut nobody knows that it is one.
        const [told = event] = tokeniseEvents([event], secrets);
        const line = lineOf(told, isOver);
        if (line !== null) progress.event(line);
      },
    });
    return checkReport({ title, file, events, judgement: judgeHistory(events), unfired: [] });
  });
}
