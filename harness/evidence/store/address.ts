import { UsageError } from "../../errors.ts";

/** Where a store is, and who uses it. */
export interface StoreAddress {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** Whether the server must prove who it is. */
  tls: boolean;
}

const form = "mysql://user@host:3306/database, with ?tls=true for TLS";
/** Holds the password where the URL has none: what stands on a command line is seen by everybody on the machine. */
const passwordName = "INTERLOCK_STORE_PASSWORD";

/** Whether a place of evidence is a store, and no folder. */
export const isStore = (place: string): boolean => /^mysql:/i.test(place);

/** @throws UsageError without the URL, which may hold a password */
export function storeAddress(text: string, env: Readonly<Record<string, string | undefined>>): StoreAddress {
  const url = URL.parse(text);
  const database = decoded(url?.pathname.slice(1) ?? "");
  const user = decoded(url?.username ?? "");
  const written = decoded(url?.password ?? "");
  const isWhole = url?.protocol === "mysql:" && url.hostname !== "" && user && written !== null;
  if (!isWhole || database === null || !/^\w{1,64}$/.test(database))
    throw new UsageError(`the store: expected a URL such as ${form}`);
  const strange = [...url.searchParams].find(
    ([name, value]) => name !== "tls" || !/^(true|false)$/.test(value),
  );
  if (strange !== undefined)
    throw new UsageError("the store: its URL knows the parameter tls=true, and no other");
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? 3306 : Number(url.port),
    user,
    password: written === "" ? (env[passwordName] ?? "") : written,
    database,
    tls: url.searchParams.get("tls") === "true",
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
