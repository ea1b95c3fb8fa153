import { type Setting, sorted } from "../config/session-pins.ts";

/** What a server keeps of one connection. */
export interface Kept {
  variables: Readonly<Record<string, string>>;
  status: Readonly<Record<string, string>>;
  /** As the driver has told them. */
  attributes: Readonly<Record<string, string>>;
  /** Statements by the name of their event; null where the server does not count them. */
  events: Readonly<Record<string, number>> | null;
}

interface Known {
  /** Null where the server does not tell it. */
  of: (kept: Kept) => string | null;
  /** What to do where it is not as pinned. */
  next: string;
}

const byOwnOption =
  "set it in the connection's own options, whatever the driver does by default, or pin this value";

const variable =
  (name: string): Known["of"] =>
  ({ variables }) =>
    variables[name] ?? null;

/** What can be pinned of a connection, and how it is read. */
export const settings: Readonly<Record<Setting, Known>> = {
  tls: {
    of: ({ status: { Ssl_version: version } }) =>
      version === undefined ? null : version === "" ? "off" : version,
    next: "name the mode of TLS in the connection's own options: with a connection for each call a handshake is most of its cost",
  },
  compression: {
    of: ({ status: { Compression, Compression_algorithm: algorithm } }) =>
      Compression === undefined ? null : Compression === "ON" ? algorithm || "zlib" : "off",
    next: byOwnOption,
  },
  characterSet: { of: variable("character_set_client"), next: byOwnOption },
  collation: {
    of: variable("collation_connection"),
    next: "set it in the connection's own options: by it two texts of a statement are equal or not",
  },
  sqlMode: {
    of: ({ variables: { sql_mode: modes } }) => (modes === undefined ? null : sorted(modes.split(","))),
    next: "set it for each session: by it a wrong value is refused, or stored as another",
  },
  isolation: { of: variable("transaction_isolation"), next: byOwnOption },
  timeZone: {
    of: variable("time_zone"),
    next: "set it for each session: by it TIMESTAMP and NOW() are other times",
  },
  autocommit: {
    of: ({ variables: { autocommit } }) => autocommit?.toLowerCase() ?? null,
    next: byOwnOption,
  },
  statements: {
    of: ({ events }) => {
      if (events === null) return null;
      const { asText, prepared } = countOf(events);
      return asText > 0 ? (prepared > 0 ? "both" : "text") : prepared > 0 ? "prepared" : "none";
    },
    next: byOwnOption,
  },
  driver: {
    of: ({ attributes: { _client_name: name, _client_version: version } }) =>
      name === undefined ? "not told" : [name, version].join(" ").trim(),
    next: "pin its version in the lock file or the image, and look at what else has changed with it",
  },
};

/** Of statements that a client has sent, how many were texts, and how many were prepared beforehand. */
export function countOf(events: Readonly<Record<string, number>>): { asText: number; prepared: number } {
  const counts = { asText: 0, prepared: 0 };
  for (const [event, times] of Object.entries(events)) {
    if (event === "statement/com/Execute" || event === "statement/sql/execute_sql") counts.prepared += times;
    else if (event.startsWith("statement/sql/") && !preparing.has(event)) counts.asText += times;
  }
  return counts;
}

const preparing = new Set(["statement/sql/prepare_sql", "statement/sql/dealloc_sql"]);
