import { type TableSizes, tableSizesSchema } from "../../config/table-sizes.ts";
import { UsageError } from "../../errors.ts";
import type { Login } from "../../query-plans/session.ts";

/** The table sizes of a file. */
export function sizesIn(text: string, file: string): TableSizes {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new UsageError(`${file}: is no JSON`);
  }
  const parsed = tableSizesSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `${file}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is not as it should be"}`,
  );
}

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
