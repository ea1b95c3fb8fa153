import { type TableSizes, tableSizesSchema } from "../../config/table-sizes.ts";
import { UsageError } from "../../errors.ts";
import type { Login } from "../../query-plans/session.ts";
import { checked, parseJson } from "../../schedule/parse.ts";

/** The table sizes of a file. */
export const sizesIn = (text: string, file: string): TableSizes =>
  checked(tableSizesSchema, parseJson(text, file), file);

/** The account and the place of a server, from its URL. */
export function loginIn(server: string): Login {
  const url = URL.canParse(server) ? new URL(server) : null;
  if (url?.protocol !== "mysql:" || url.hostname === "" || url.username === "")
    throw new UsageError("query-plans: --server is no mysql://user:password@host:port");
  try {
    return {
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: Number(url.port || 3306),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
  } catch {
    throw new UsageError("query-plans: the account of --server is not escaped as in a URL");
  }
}
