import { InfrastructureError, reasonOf, UsageError } from "../../errors.ts";
import { type Claiming, claimingIn, parseDeployed } from "../../gate/policy.ts";
import { type Login, refusal, Session } from "../../query-plans/session.ts";
import { openConfig } from "../shared/config.ts";
import { readInput } from "../shared/input.ts";
import { hides, loginIn } from "../shared/login.ts";
import { hideInNotes, writeNote, writeResult } from "../shared/output.ts";

interface ClaimingFlags {
  config: string;
  database?: string;
  server: string;
}

/** Prints a list of what is live with those that claim jobs now, listed or not: what follows from it the gate says. */
export async function action([file = ""]: string[], flags: ClaimingFlags): Promise<void> {
  const login = loginIn("claiming", flags.server);
  const listed = await readInput(file);
  parseDeployed(listed, file);
  const { config, secrets } = await openConfig(flags.config, flags.database);
  const hide = hides(login);
  hideInNotes({ redact: (text) => hide(secrets.redact(text)) });
  const statement = config.mysql.claiming;
  if (statement === undefined)
    throw new UsageError(
      `${flags.config}: mysql.claiming is missing: give it the SQL by which the live database tells who claims jobs`,
    );
  const claiming = claimingIn(await answerOf(login, statement, flags.config), flags.config);
  if (claiming.length === 0)
    writeNote("nobody claims jobs there now: the gate will name that as not asked for");
  await writeResult(
    `${JSON.stringify({ ...JSON.parse(listed), claiming } satisfies { claiming: Claiming }, null, 2)}\n`,
  );
}

/** Each server knows one of them. What takes longer would be felt by those who use it. */
const bounds = ["max_execution_time = 10000", "max_statement_time = 10"];

async function answerOf(login: Login, statement: string, file: string): Promise<unknown> {
  await using session = await Session.open(login);
  try {
    for (const bound of bounds) await session.query(`SET SESSION ${bound}`).catch(refusal);
    // Of a transaction alone a statement such as DROP would begin another one.
    await session.query("SET SESSION TRANSACTION READ ONLY");
    return await session.query(statement);
  } catch (error) {
    throw new InfrastructureError(
      {
        component: `MySQL at ${login.host}:${login.port}`,
        expected: `it to answer mysql.claiming of ${file} within 10 s`,
        happened: reasonOf(error),
        next: `give ${login.user} the right to read what the statement reads, or correct the statement`,
      },
      error,
    );
  }
}
