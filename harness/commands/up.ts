import { tokeniseEvents } from "../history/tokenise.ts";
import { judgeHistory } from "../invariants/judge.ts";
import { checkReport } from "../report/check.ts";
import { visitLines } from "../report/live/visit-lines.ts";
import { mustStart, runUp } from "../up/run-up.ts";
import { openConfig } from "./shared/config.ts";
import { inContainers, leftAlone } from "./shared/in-containers.ts";
import { mustHave } from "./shared/releases.ts";
import { type ReportFlags, writeReports } from "./shared/reports.ts";

interface UpFlags extends ReportFlags {
  config: string;
  api?: string;
  database?: string;
  without: string[];
}

/** Brings the system up, leaves it to whoever asked until Ctrl-C, and judges what was done to it. */
export async function action(_: string[], flags: UpFlags): Promise<void> {
  const { config, secrets } = await openConfig(flags.config, flags.database);
  const api = flags.api ?? config.current;
  mustHave(config, { api });
  const { without } = flags;
  mustStart(config, without);
  const title = `up, API ${api}${flags.database === undefined ? "" : ` on ${flags.database}`}`;
  await writeReports({ flags, file: flags.config, title, redact: secrets.redact }, async () => {
    const { file, events } = await inContainers((given) => {
      const { progress } = given;
      const lineOf = visitLines();
      return runUp({
        ...given,
        config,
        secrets,
        api,
        without,
        during: leftAlone(flags, progress, {
          open: "every component ready and attested",
          closing: "judging what was done, then removing what was started",
        }),
        onEvent: (event, isOver) => {
          // Before its words are shortened: of a secret that was cut nobody knows that it is one.
          const [told = event] = tokeniseEvents([event], secrets);
          const line = lineOf(told, isOver);
          if (line !== null) progress.event(line);
        },
      });
    });
    return checkReport({ title, file, events, judgement: judgeHistory(events), unfired: [] });
  });
}
