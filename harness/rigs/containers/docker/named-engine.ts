import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { redactDestination } from "../../../../contracts/destination.ts";
import { InfrastructureError, reasonOf } from "../../../errors.ts";

/** Which Docker engine this machine's user means: the one that `docker` itself would ask. */
export interface NamedEngine {
  /** As in DOCKER_HOST. */
  host: string;
  /** Where it is named, for messages. */
  by: string;
}

/** Null where nothing is named: then it is the standard socket's. */
export async function namedEngine(
  env: Readonly<Record<string, string | undefined>>,
): Promise<NamedEngine | null> {
  const host = env["DOCKER_HOST"] ?? "";
  if (host !== "") return { host, by: `DOCKER_HOST=${redactDestination(host)}` };
  const folder = env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
  const name = env["DOCKER_CONTEXT"] || (await currentContext(folder));
  if (name === "" || name === "default") return null;
  return { host: await hostOf(name, folder), by: `the Docker context ${name}` };
}

/** What `docker context use` has chosen; "" where it chose none. */
async function currentContext(folder: string): Promise<string> {
  const text = await readFile(join(folder, "config.json"), "utf8").catch(() => "{}");
  try {
    const { currentContext: name } = Object(JSON.parse(text)) as { currentContext?: unknown };
    return typeof name === "string" ? name : "";
  } catch {
    return "";
  }
}

async function hostOf(context: string, folder: string): Promise<string> {
  const place = createHash("sha256").update(context).digest("hex");
  const file = join(folder, "contexts/meta", place, "meta.json");
  const refused = (happened: string) =>
    new InfrastructureError({
      component: `Docker context ${context}`,
      expected: "to lead to an engine by unix:// or tcp:// without TLS",
      happened,
      next: "`docker context ls` lists those that there are; `docker context use default` or DOCKER_HOST names another engine",
    });
  let host: unknown;
  try {
    host = JSON.parse(await readFile(file, "utf8")).Endpoints?.docker?.Host;
  } catch (error) {
    throw refused(`it cannot be read: ${reasonOf(error)}`);
  }
  const hasKeys = await access(join(folder, "contexts/tls", place)).then(
    () => true,
    () => false,
  );
  if (typeof host !== "string" || !/^(?:unix|tcp):\/\//.test(host) || hasKeys)
    throw refused(
      `it leads to ${JSON.stringify(typeof host === "string" ? redactDestination(host) : host)}${hasKeys ? " with TLS" : ""}`,
    );
  return host;
}

/** Null where it is reached in another way. */
export const socketOf = (named: NamedEngine | null): string | null =>
  named === null ? "/var/run/docker.sock" : (/^unix:\/\/(.+)$/.exec(named.host)?.[1] ?? null);

/** Why this user cannot talk to the engine at a socket that is there; null where that is not the reason. */
export async function rightProblem(
  socket: string,
  mayUse: (path: string, mode: number) => Promise<void> = access,
): Promise<string | null> {
  try {
    await mayUse(socket, constants.R_OK | constants.W_OK);
    return null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") return null;
    const { username, uid } = userInfo();
    const what = await stat(socket).catch(() => null);
    const owner = what === null ? "" : `, which belongs to user ${what.uid} and group ${what.gid}`;
    return `${username} (${uid}) has no right to read and write the socket ${socket}${owner}`;
  }
}
