import { z } from "zod";
import { objectName } from "../values.ts";
import type { DestinationForm } from "./form.ts";

/** What a result does to the rows of its table. */
export const tdModes = ["append"] as const;

/** Printable ASCII: it stands in a header. */
const apiKey = /^[!-~]{1,255}$/;

const settings = z.strictObject({
  type: z.literal("td"),
  /** Of the account whose table it is: the rows are written with the rights of this key, and no other. */
  apikey: z.string().regex(apiKey),
  database: objectName,
  table: objectName,
  mode: z.enum(tdModes),
});
export type TdSettings = z.infer<typeof settings>;

/** The service's public name; a URL without a host means the same. */
const serviceHost = "api.treasuredata.com";

/**
 * A result as records of a table of the service itself, by streaming import: `td://apikey@/database/table`. There is no
 * place for another host in its settings, so no worker sends a key elsewhere.
 */
export const td: DestinationForm<typeof settings> = {
  settings,
  schemes: ["td"],
  examples: [
    "td://1%2F0123abcd@/mart/daily_rows",
    `td://1/0123abcd@${serviceHost}/mart/daily_rows?mode=append`,
    "td://@/mart/daily_rows",
    "td://1%2F0123abcd@destination.test/mart/daily_rows",
    "td://1%2F0123abcd@/mart/daily_rows?mode=replace",
    "td://1%2F0123abcd@/mart",
  ],
  parse,
};

/** The key may hold slashes, as those of the service do, so that a parser of URLs would take its first part for a host. */
const parts = /^td:\/\/(?:(?<key>.*)@)?(?<host>[^@/?#]*)(?<path>\/[^@?#]*)?(?:\?(?<query>[^@#]*))?$/s;

function parse(text: string): TdSettings | string {
  const { key, host = "", path = "", query = "" } = parts.exec(text)?.groups ?? {};
  if (!parts.test(text)) return "the td:// destination is not a well-formed URL";
  if (host !== "" && host !== serviceHost)
    return `td:// delivers into this service alone: leave its host empty, or write ${serviceHost}`;
  const [database = "", table = "", ...rest] = path.split("/").slice(1);
  if (database === "" || table === "" || rest.length > 0)
    return "td:// needs exactly /database/table as its path";
  if (![database, table].every((name) => objectName.safeParse(name).success))
    return "td:// database and table are 3 to 255 characters a-z, 0-9 and _";
  const apikey = decoded(key ?? "");
  if (apikey === "")
    return "td:// needs an API key of the account whose table it is: td://apikey@/database/table";
  if (apikey === null || !apiKey.test(apikey))
    return "the API key of a td:// destination is 1 to 255 printable characters of ASCII, escaped where it must be";
  const parameters = new URLSearchParams(query);
  if ([...parameters.keys()].some((name) => name !== "mode"))
    return "td:// knows the parameter mode, and no other";
  const written = parameters.get("mode") ?? "append";
  const mode = tdModes.find((known) => known === written);
  if (mode === undefined) return `td:// parameter mode is ${tdModes.join(", ")}`;
  return { type: "td", apikey, database, table, mode };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
