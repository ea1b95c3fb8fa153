import { type Default, defaults } from "./defaults.ts";
import { type Difference, type Said, saidOn, servers } from "./difference.ts";
import { refusals } from "./refusals.ts";
import { silent } from "./silent.ts";
import { syntax } from "./syntax.ts";

/** `docs/databases.md`, of the tables that the servers are held to. */
export const page = (): string => `# Databases: MySQL 9.7 and MariaDB 10.11

A system runs on the database that it is asked for:

\`\`\`sh
script/compat --database mariadb-10.11
\`\`\`

\`databases\` of [the config](config.md) names those that there are, the usual one first; its function is told which one is asked
for, as \`database\`, and names images, arguments and accounts accordingly. \`up\`, \`sessions\`, \`query-plans\`, \`plan\`, \`attested\`, \`gate\`, and \`replay\`
and \`cost\` in containers take the flag too. The image that ran is in the evidence by its digest, and so is all that the config says of the server:
evidence made on one says nothing of a release on the other. \`fixtures/mysql/dialects.ts\` is the one place that tells the
reference system how they differ.

## What is not shown on MariaDB

- **Who changed a row:** its binary log names no connection, so a run says \`not compared: log of mysql\`. What changed is compared.
- **Query plans and sessions:** \`missing\`: MariaDB keeps no sample of a statement, and does not tell what other sessions have set.
- **Explored schedules:** \`explore\` and \`rollout\` run on the usual database. The store in memory is held to both
  servers by the same programs of overlapping transactions, and says the same as both.
- **A replica that is promoted:** both servers of that evening are MySQL.

## What differs

\`suites/databases\` asks both servers for each answer below.

### Without an error: another answer

${tableOf(silent)}

### Under load and in trouble

${tableOf(refusals)}

### What is known to one, and what to both

${tableOf(syntax)}

### What a server begins with

Of \`mysqld --no-defaults --verbose --help\`: no file and no argument sets anything.

${defaultsTable(defaults)}
`;

const cell = (text: string): string => text.replaceAll("|", "\\|");
const code = (text: string): string => `\`${cell(text)}\``;
const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((cells) => cells[i]?.length ?? 0)));
  const padded = (cells: readonly string[]) => row(cells.map((text, i) => text.padEnd(widths[i] as number)));
  return [padded(heads), row(widths.map((width) => "-".repeat(width))), ...rows.map(padded)].join("\n");
}

const heads = ["what is asked", "MySQL 9.7", "MariaDB 10.11", "what follows"];

const both = (said: Said): string[] =>
  typeof said === "string" ? [code(said), "the same"] : servers.map((server) => code(saidOn(said, server)));

const tableOf = (list: readonly Difference[]): string =>
  table(
    heads,
    list.map(({ about, steps, says, follows }) => [`${about}: ${asked(steps)}`, ...both(says), follows]),
  );

const defaultsTable = (list: readonly Default[]): string =>
  table(
    heads,
    list.map(({ variable, is, follows }) => [code(variable), ...both(is), follows]),
  );

const actions = { full: "another login", restart: "a restart" };

/** The statement that is answered; what leads to it stands in the table of the suite. */
function asked(steps: Difference["steps"]): string {
  const [on, sql] = steps.at(-1) as Difference["steps"][number];
  return sql === undefined ? actions[on as keyof typeof actions] : code(saidOn(sql, "mysql"));
}
