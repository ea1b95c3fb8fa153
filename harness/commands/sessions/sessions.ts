import { sessionPinsSchema } from "../../config/session-pins.ts";
import { UsageError } from "../../errors.ts";
import { pageAt } from "../../installation.ts";
import { nextSignal } from "../../interrupt.ts";
import { now } from "../../now.ts";
import { sessionsReport } from "../../report/server/sessions.ts";
import { checked, parseJson } from "../../schedule/parse.ts";
import { runSessions } from "../../sessions/run-sessions.ts";
import { watchServer } from "../../sessions/watch-server.ts";
import { openConfig } from "../shared/config.ts";
import { inContainers } from "../shared/in-containers.ts";
import { readInput } from "../shared/input.ts";
import { hides, loginIn } from "../shared/login.ts";
import { writeNote, writeResult } from "../shared/output.ts";
import { mustHave, workersIn } from "../shared/releases.ts";
import { type ReportFlags, writeReports } from "../shared/reports.ts";

interface SessionsFlags extends ReportFlags {
  config: string;
  api?: string;
  database?: string;
  worker: string[];
  server?: string;
  pins?: string;
  listen: number;
}

/** Judges what the connections to a database use. */
export async function action(_: string[], flags: SessionsFlags): Promise<void> {
  if (flags.server !== undefined) return await ofServer(flags, flags.server);
  if (flags.pins !== undefined)
    throw new UsageError("sessions: --pins is for --server; the config has them in `sessions`");
  const { config, secrets } = await openConfig(flags.config, flags.database);
  const { current } = config;
  const api = flags.api ?? current;
  const workers = workersIn(flags.worker, { v5: current, v6: current }, "--worker");
  mustHave(config, { api, ...workers });
  const title = `sessions of API ${api}`;
  await writeReports({ flags, file: flags.config, title, redact: secrets.redact }, async () => {
    const at = now();
    const check = await inContainers(({ runsFolder, progress, signal }) =>
      runSessions({
        config,
        releases: { api, workers },
        runsFolder,
        redact: secrets.redact,
        signal,
        note: progress.phase,
      }),
    );
    return sessionsReport(title, check, now() - at);
  });
}

/** Of a server that runs already, and of what is done by way of a port of this machine until Ctrl-C. */
async function ofServer(flags: SessionsFlags, server: string): Promise<void> {
  if (flags.pins === undefined)
    throw new UsageError("sessions: --server needs --pins, a file with what is pinned of its accounts");
  const login = loginIn("sessions", server);
  const pins = checked(
    sessionPinsSchema,
    parseJson(await readInput(flags.pins), flags.pins),
    flags.pins,
    `see ${pageAt("sessions.md")}`,
  );
  const title = `sessions of MySQL at ${login.host}:${login.port}`;
  await writeReports({ flags, file: flags.pins, title, redact: hides(login) }, async () => {
    const at = now();
    const listen = { host: "127.0.0.1", port: flags.listen };
    const during = async (place: { host: string; port: number }) => {
      const ended = nextSignal();
      await writeResult(
        flags.json === true
          ? `${JSON.stringify({ connect: place })}\n`
          : `connect to ${place.host}:${place.port} in the place of ${login.host}:${login.port}\n`,
      );
      writeNote(`every connection is looked at; Ctrl-C ends it`);
      await ended;
    };
    return sessionsReport(title, await watchServer({ login, listen, pins, during }), now() - at);
  });
}
