import { type Pins, type SessionPins, type Setting, settingNames } from "../config/session-pins.ts";
import { settings } from "./settings.ts";

/** One look at a connection. */
export interface Look {
  /** The account that is logged in. */
  user: string;
  values: Readonly<Record<Setting, string | null>>;
  /** So far; null where the server does not count them. */
  statements: number | null;
}

/** What was seen of all connections to a server. */
export interface Seen {
  /** The looks at each connection on which somebody has logged in. */
  connections: readonly (readonly Look[])[];
  /** Connections of which the last is not known, by why. */
  unseen: Readonly<Record<string, number>>;
  /** Of watching. */
  seconds: number;
}

/** What is not as pinned of one account. */
export interface Finding {
  what: Setting | "connectionsPerSecond" | "statementsPerConnection";
  found: string;
  pinned: string;
  /** How many connections it is found on. */
  connections: number;
  next: string;
}

interface CheckedUser {
  user: string;
  connections: number;
  perSecond: number;
  /** On average for each connection; null where nobody counted. */
  statements: number | null;
  findings: readonly Finding[];
  /** Why something that is pinned is not known. */
  lacks: readonly string[];
  /** What was seen and is pinned by nobody. */
  unpinned: readonly string[];
}

export interface SessionCheck {
  users: readonly CheckedUser[];
  /** Why the check as a whole shows less than it should. */
  lacks: readonly string[];
}

/** Compares what connections used with what is pinned. */
export function judgeSessions({ connections, unseen, seconds }: Seen, { pinned }: SessionPins): SessionCheck {
  const byUser = Map.groupBy(
    connections.flatMap((looks) => [...Map.groupBy(looks, ({ user }) => user).values()]),
    ([first]) => (first as Look).user,
  );
  const names = [...new Set([...Object.keys(pinned), ...byUser.keys()])].toSorted();
  return {
    users: names.map((user) => checkUser(user, byUser.get(user) ?? [], seconds, pinned[user])),
    lacks: Object.entries(unseen).map(([why, count]) => `${count} connections: ${why}`),
  };
}

type Connections = readonly (readonly Look[])[];

function checkUser(
  user: string,
  connections: Connections,
  seconds: number,
  pins: Pins | undefined,
): CheckedUser {
  const perSecond = connections.length / Math.max(1, seconds);
  const statements = meanStatements(connections);
  const figures = { perSecond, statements };
  const of = { user, connections: connections.length, ...figures };
  if (pins === undefined) {
    const unpinned = settingNames.map((setting) => inWords(setting, connections));
    return { ...of, findings: [], lacks: ["nobody has pinned what its connections use"], unpinned };
  }
  if (connections.length === 0)
    return { ...of, findings: [], lacks: ["no connection of it was seen"], unpinned: [] };
  const given = settingNames.filter((setting) => pins[setting] !== undefined);
  return {
    ...of,
    findings: [
      ...given.flatMap((setting) => findingsOf(setting, connections, pins[setting] ?? [])),
      ...countFindings(figures, pins, connections.length),
    ],
    lacks: [
      ...given
        .filter((setting) =>
          connections.some((looks) => looks.some(({ values }) => values[setting] === null)),
        )
        .map((setting) => `${setting}: the server does not tell it of each connection`),
      ...(pins.statementsPerConnection !== undefined && statements === null
        ? ["statementsPerConnection: the server does not count the statements of each connection"]
        : []),
    ],
    unpinned: settingNames
      .filter((setting) => pins[setting] === undefined)
      .map((setting) => inWords(setting, connections)),
  };
}

/** On how many connections each value was seen. */
function valuesOf(setting: Setting, connections: Connections): Map<string, number> {
  const counts = new Map<string, number>();
  for (const looks of connections) {
    const own = new Set(looks.flatMap(({ values }) => values[setting] ?? []));
    for (const value of own) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

const inWords = (setting: Setting, connections: Connections): string => {
  const values = [...valuesOf(setting, connections).keys()].map((value) => value || "none");
  return `${setting} ${values.length === 0 ? "is not known" : values.join(" or ")}`;
};

function findingsOf(setting: Setting, connections: Connections, pinned: readonly string[]): Finding[] {
  return [...valuesOf(setting, connections)]
    .filter(([value]) => !pinned.some((pin) => isAs(setting, value, pin)))
    .map(([value, count]) => ({
      what: setting,
      found: value || "none",
      pinned: pinned.map((pin) => pin || "none").join(" or "),
      connections: count,
      next: settings[setting].next,
    }));
}

/** Nothing was executed: that is neither text nor prepared. A driver may be pinned without its version. */
const isAs = (setting: Setting, value: string, pin: string): boolean =>
  value === pin ||
  (setting === "statements" && value === "none") ||
  (setting === "driver" && value.startsWith(`${pin} `) && !value.slice(pin.length + 1).includes(" "));

function countFindings(
  { perSecond, statements }: { perSecond: number; statements: number | null },
  { connectionsPerSecond: most, statementsPerConnection: least }: Pins,
  connections: number,
): Finding[] {
  const next = "keep connections in a pool: with one for each call every login is paid anew";
  return [
    ...(most !== undefined && perSecond > most
      ? [
          {
            what: "connectionsPerSecond" as const,
            found: perSecond.toFixed(1),
            pinned: `at most ${most}`,
            connections,
            next,
          },
        ]
      : []),
    ...(least !== undefined && statements !== null && statements < least
      ? [
          {
            what: "statementsPerConnection" as const,
            found: statements.toFixed(1),
            pinned: `at least ${least}`,
            connections,
            next,
          },
        ]
      : []),
  ];
}

/** The last look at a connection has counted all of it. */
function meanStatements(connections: Connections): number | null {
  const counts = connections.map((looks) => looks.at(-1)?.statements ?? null);
  if (counts.length === 0 || counts.includes(null)) return null;
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0) / counts.length;
}
