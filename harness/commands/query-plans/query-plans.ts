import { UsageError } from "../../errors.ts";
import { stopSignal } from "../../interrupt.ts";
import { now } from "../../now.ts";
import { checkServer } from "../../query-plans/check-server.ts";
import { runQueryPlans } from "../../query-plans/run-query-plans.ts";
import { queryPlansReport } from "../../report/server/query-plans.ts";
import { openConfig } from "../shared/config.ts";
import { inContainers } from "../shared/in-containers.ts";
import { readInput } from "../shared/input.ts";
import { hides, loginIn } from "../shared/login.ts";
import { mustHave, workersIn } from "../shared/releases.ts";
import { type ReportFlags, writeReports } from "../shared/reports.ts";
import { sizesIn } from "./input.ts";

interface QueryPlansFlags extends ReportFlags {
  config: string;
  api?: string;
  database?: string;
  worker: string[];
  finished: number;
  server?: string;
  sizes?: string;
}

/** Judges how the statements that a database executed go through its tables. */
export async function action(_: string[], flags: QueryPlansFlags): Promise<void> {
  if (flags.server !== undefined) return await ofServer(flags, flags.server);
  if (flags.sizes !== undefined)
    throw new UsageError("query-plans: --sizes is for --server; the config has them in `queryPlans`");
  const { config, secrets } = await openConfig(flags.config, flags.database);
  const { current } = config;
  const api = flags.api ?? current;
  const workers = workersIn(flags.worker, { v5: current, v6: current }, "--worker");
  mustHave(config, { api, ...workers });
  const title = `query plans of API ${api}`;
  await writeReports({ flags, file: flags.config, title, redact: secrets.redact }, async () => {
    const at = now();
    const check = await inContainers(({ runsFolder, progress, signal }) =>
      runQueryPlans({
        config,
        releases: { api, workers },
        finished: flags.finished,
        runsFolder,
        redact: secrets.redact,
        signal,
        note: progress.phase,
      }),
    );
    return queryPlansReport(title, check, now() - at);
  });
}

/** Of a server that runs already, and of what was done to it so far. */
async function ofServer(flags: QueryPlansFlags, server: string): Promise<void> {
  if (flags.sizes === undefined)
    throw new UsageError("query-plans: --server needs --sizes, a file with the rows of its tables");
  const login = loginIn("query-plans", server);
  const sizes = sizesIn(await readInput(flags.sizes), flags.sizes);
  const title = `query plans of MySQL at ${login.host}:${login.port}`;
  await writeReports({ flags, file: flags.sizes, title, redact: hides(login) }, async () => {
    const at = now();
    return queryPlansReport(title, await checkServer(login, sizes, stopSignal()), now() - at);
  });
}
