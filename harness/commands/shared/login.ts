import { UsageError } from "../../errors.ts";
import type { Login } from "../../query-plans/session.ts";

/** The account and the place of a server, from the URL that a command was given. */
export function loginIn(command: string, server: string): Login {
  const url = URL.canParse(server) ? new URL(server) : null;
  if (url?.protocol !== "mysql:" || url.hostname === "" || url.username === "")
    throw new UsageError(`${command}: --server is no mysql://user:password@host:port`);
  try {
    return {
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: Number(url.port || 3306),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
  } catch {
    throw new UsageError(`${command}: the account of --server is not escaped as in a URL`);
  }
}

/** What is shorter stands in other words by chance: it is a password only where it stands by itself. */
const shortest = 4;

/** Hides the password of a login. */
export function hides({ password }: Login): (text: string) => string {
  if (password === "") return (text) => text;
  const exact = password.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  const alone = String.raw`(?<![\p{L}\p{N}_])${exact}(?![\p{L}\p{N}_])`;
  const pattern = new RegExp(password.length < shortest ? alone : exact, "gu");
  return (text) => text.replace(pattern, "***");
}
