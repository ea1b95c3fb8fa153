import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { createConnection } from "mysql2/promise";
import { onceItAnswers, runningMysqls } from "../containers/running-mysql.ts";
import type { Asked } from "./ask.ts";
import { absent } from "./defaults.ts";
import { type Server, servers } from "./difference.ts";

const rootlike = { user: "rootlike", password: "rootlike" };
const init = [
  `CREATE USER IF NOT EXISTS 'rootlike'@'%' IDENTIFIED BY '${rootlike.password}'`,
  "GRANT ALL ON *.* TO 'rootlike'@'%' WITH GRANT OPTION",
  "CREATE USER IF NOT EXISTS 'plain'@'%'",
  "GRANT SELECT, INSERT, UPDATE, DELETE ON asked.* TO 'plain'@'%'",
];

/** Both servers, for questions that change what a whole server does. */
export async function bothServers(): Promise<Record<Server, Asked> & AsyncDisposable> {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "interlock-databases-"));
  made.defer(() => rm(folder, { recursive: true }));
  const command = ["--log-bin=binlog", "--server-id=1"];
  const wanted = Object.fromEntries(
    servers.map((server) => [
      server,
      { image: `interlock/${server}`, init: init.map((sql) => `${sql};\n`).join(""), command },
    ]),
  ) as Record<Server, { image: string; init: string; command: string[] }>;
  const running = made.use(await runningMysqls(folder, wanted));
  const asked = await Promise.all(
    servers.map(async (server) => [server, await askedAt(server, running[server])] as const),
  );
  const stack = made.move();
  return {
    ...(Object.fromEntries(asked) as Record<Server, Asked>),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function askedAt(server: Server, { id, url }: { id: string; url: string }): Promise<Asked> {
  let port = Number(new URL(url).port);
  const address = () => ({ host: "127.0.0.1", port });
  const answers = async () => {
    const connection = await onceItAnswers(() => createConnection({ ...address(), ...rootlike }));
    connection.destroy();
  };
  await answers();
  return {
    server,
    address,
    rootlike,
    async restart() {
      await execa("docker", ["restart", id]);
      const { stdout } = await execa("docker", ["port", id, "3306"]);
      port = Number(stdout.split("\n")[0]?.split(":").at(-1));
      await answers();
    },
  };
}

/** What these variables of a server are where no file and no argument sets them. */
export async function defaultsOf(
  server: Server,
  variables: readonly string[],
): Promise<Record<string, string>> {
  const program = ["--entrypoint", "mysqld", `interlock/${server}`];
  const help = ["--no-defaults", "--user=mysql", "--verbose", "--help"];
  const { stdout } = await execa("docker", ["run", "--rm", ...program, ...help]);
  const listed = new Map(stdout.split("\n").map((line) => line.split(/\s+(.*)/, 2) as [string, string]));
  return Object.fromEntries(variables.map((variable) => [variable, listed.get(variable) ?? absent]));
}
