import { z } from "zod";

/** What each account's connections to MySQL are to use, whatever a driver does by default. */

const enumerated = (values: readonly [string, ...string[]]) =>
  listed(z.enum(values), `expected ${values.join(", ")}, or a list of those`);
const text = z.string().min(1);
const named = (example: string) => listed(text, `expected a name such as ${example}, or a list of names`);

/** One value, or several of which any will do. */
function listed<T extends z.ZodType<string>>(value: T, error: string) {
  return z
    .union([value, z.array(value).min(1)], { error })
    .transform((given): readonly string[] => (Array.isArray(given) ? given : [given]))
    .optional();
}

const settingsShape = {
  /** Whether connections are encrypted, and how. */
  tls: enumerated(["off", "TLSv1.2", "TLSv1.3"]),
  compression: enumerated(["off", "zlib", "zstd"]),
  characterSet: named("utf8mb4"),
  collation: named("utf8mb4_0900_ai_ci"),
  /** All of them, in any order. */
  sqlMode: z
    .array(z.string().regex(/^[A-Z0-9_]+$/), {
      error: "expected a list of SQL modes, such as STRICT_TRANS_TABLES",
    })
    .transform((modes): readonly string[] => [sorted(modes)])
    .optional(),
  isolation: enumerated(["READ-UNCOMMITTED", "READ-COMMITTED", "REPEATABLE-READ", "SERIALIZABLE"]),
  timeZone: named("+00:00"),
  autocommit: enumerated(["on", "off"]),
  /** As text, prepared by the server, or both on one connection. */
  statements: enumerated(["text", "prepared", "both"]),
  /** What a driver calls itself: its name, or its name and version. */
  driver: named("Node-MySQL-2"),
};

const most = z.number({ error: "expected a number above 0" }).positive().optional();

const pinsSchema = z
  .strictObject({
    ...settingsShape,
    /** On average over the whole check, at most. */
    connectionsPerSecond: most,
    /** On average, at least. */
    statementsPerConnection: most,
  })
  .refine((pins) => Object.values(pins).some((value) => value !== undefined), {
    error: "pins nothing",
  });

export const sessionPinsSchema = z.strictObject({
  /** By the account that connects. */
  pinned: z
    .record(text, pinsSchema)
    .refine((accounts) => Object.keys(accounts).length > 0, { error: "expected at least one account" }),
});

export type SessionPins = z.output<typeof sessionPinsSchema>;
export type Pins = z.output<typeof pinsSchema>;
/** What a connection uses, and what can be pinned of it by a value. */
export type Setting = keyof typeof settingsShape;
export const settingNames = Object.keys(settingsShape) as readonly Setting[];

/** SQL modes in the order in which they are compared. */
export const sorted = (modes: readonly string[]): string =>
  modes
    .filter((mode) => mode !== "")
    .toSorted()
    .join(",");
