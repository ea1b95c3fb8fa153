import { constants, gunzipSync } from "node:zlib";
import { parseDestination } from "../../contracts/destination.ts";
import { bytesOf } from "../../contracts/file-body.ts";
import type { Secrets } from "../secrets.ts";
import { passwordsIn, unescaped, withoutAccounts } from "../url-accounts.ts";
import type { HistoryEvent, RunEvent } from "./event.ts";

/**
 * Where anything may stand in an event, as paths: `*` is every key, `!kind` every key but `kind`. All else are words of
 * the harness and names of the config.
 */
const open: Readonly<Record<HistoryEvent["kind"], readonly string[][]>> = {
  run: [
    ["scenarios", "*", "source", "rows"],
    ["scenarios", "*", "output", "!kind"],
    ["scenarios", "*", "promise"],
  ],
  exchange: [["job"], ["path"], ["headers", "request"], ["headers", "reply"], ["request"], ["reply"]],
  component: [["detail"]],
  fault: [],
  world: [
    ["changes", "*", "place"],
    ["traces", "*", "place"],
    ["disks", "*", "*"],
    ["changes", "*", "before", "*"],
    ["changes", "*", "after", "*"],
    ["compared"],
    ["notCompared"],
  ],
  machine: [],
  notice: [["key"], ["body"]],
  rows: [],
  held: [["table"], ["destination", "rows"], ["record", "*"]],
  final: [["job"], ["table"], ["destination", "rows"], ["result"], ["shown"], ["record", "*"], ["residue"]],
};

/** What becomes of a text, and of one that stands where a secret does. */
interface Change {
  text: (text: string) => string;
  secret: (text: string) => string;
}

/** Keys whose values are secrets, whoever chose them: settings of destinations have them. */
export const secretKeys: ReadonlySet<string> = new Set([
  "password",
  "apikey",
  "apikeys",
  "secret_access_key",
]);

/** A small file may unpack to any size. */
const mostUnpackedBytes = 64 * 1024 * 1024;

/**
 * The events with a token in the place of every secret, so that a judge can still compare. A secret that is also a name
 * in the run, such as a password `mysql`, stays: it hides nothing, and the run could not be understood without it. What
 * is an account by where it stands, in a URL or under a key, is a secret too, and known as one from then on.
 */
export function tokeniseEvents(events: readonly HistoryEvent[], secrets: Secrets): HistoryEvent[] {
  const run = events.find((event) => event.kind === "run");
  const names = new Set(run === undefined ? [] : textsIn(namesOf(run)));
  for (const event of events) {
    if (event.kind !== "exchange") continue;
    for (const { secret, written } of accountsOf(event.request)) secrets.add(secret, written);
    for (const secret of settingsOf([event.request, event.reply])) secrets.add(secret);
  }
  const tokenise = secrets.tokeniser(names);
  const change: Change = {
    text: (text) => withoutAccounts(tokenise(text), (found) => secrets.tokenOf(unescaped(found))),
    secret: (text) => secrets.tokenOf(text),
  };
  // A reply may show how an account is written, in words of its own: that gives no secret of the run away. One that the run
  // knows is the same, however it is escaped.
  const shown = (found: string) => secrets.knownToken(unescaped(found)) ?? "***";
  const ofReply: Change = { ...change, text: (text) => withoutAccounts(tokenise(text), shown) };
  return events.map((event) =>
    open[event.kind].reduce(
      (copy, path) => changedAt(copy, path, path[0] === "reply" ? ofReply : change) as HistoryEvent,
      event,
    ),
  );
}

/** A secret as it is meant, and as it stands in a URL. */
interface Written {
  secret: string;
  written: string;
}

/** The secrets in the URL that a text begins with: its password, or a user that is a key. */
function accountsIn(text: string): Written[] {
  if (!/^td:.*@|^[a-z][a-z0-9+.-]*:\/\/[^/]*@|^[a-z][a-z0-9+.-]*:\/\/[^:@/]*:.*@/is.test(text)) return [];
  const parsed = parseDestination(text);
  const found: Written[] = [];
  withoutAccounts(text, (written) => {
    found.push({ secret: unescaped(written), written });
    return "";
  });
  // What means something to the service has one meaning.
  return parsed.ok
    ? found
    : [...found, ...passwordsIn(text).map((written) => ({ secret: written, written }))];
}

/** Accounts within the URLs of a value. */
function accountsOf(value: unknown): Written[] {
  if (typeof value === "string") return accountsIn(value);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(accountsOf) : [];
}

/** Secrets by the keys under which they stand in a value. */
function settingsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const told = [inner].flat().filter((one) => isSecret(key, one));
    return told.length > 0 ? told : settingsOf(inner);
  });
}

const isSecret = (key: string, value: unknown): value is string =>
  secretKeys.has(key) && typeof value === "string" && value !== "";

/** All of a run but what its jobs read and where they deliver. */
const namesOf = ({ rig, schedule, builds, scenarios }: RunEvent): unknown => [
  rig,
  schedule,
  builds,
  Object.values(scenarios).map(({ name, source, statement, output, ending }) => [
    name,
    source.name,
    source.columns,
    statement,
    output?.kind,
    ending,
  ]),
];

/** What does not change is not copied: most of a history holds no secret. */
function changedAt(value: unknown, [step, ...rest]: readonly string[], change: Change): unknown {
  if (step === undefined) return changed(value, change);
  if (typeof value !== "object" || value === null) return value;
  let copy = value;
  for (const key of keysAt(value, step)) {
    const inner: unknown = Reflect.get(value, key);
    const other = changedAt(inner, rest, change);
    if (other !== inner)
      copy = Array.isArray(copy) ? copy.with(Number(key), other) : { ...copy, [key]: other };
  }
  return copy;
}

function keysAt(value: object, step: string): string[] {
  if (step === "*") return Object.keys(value);
  if (step.startsWith("!")) return Object.keys(value).filter((key) => key !== step.slice(1));
  return Object.hasOwn(value, step) ? [step] : [];
}

/** Texts and keys one by one: in JSON, a secret with a quote or a line break has another look. */
function changed(value: unknown, change: Change): unknown {
  if (typeof value === "string") return change.text(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return changedArray(value, change);
  if ("$base64" in value) return changedFile(value, change);
  let isSame = true;
  const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => {
    const after = isSecret(key, inner) ? change.secret(inner) : changed(inner, change);
    const entry = [change.text(key), after] as const;
    isSame &&= entry[0] === key && entry[1] === inner;
    return entry;
  });
  return isSame ? value : Object.fromEntries(entries);
}

/** In a file of bytes no token can stand: of one that holds a secret, also packed, only the length is kept. */
function changedFile(file: object, change: Change): unknown {
  const bytes = bytesOf(file);
  if (bytes === null) return file;
  const holds = [bytes, ...unpackedAsFarAs(bytes)].some((content) => {
    const text = content.toString("utf8");
    return change.text(text) !== text;
  });
  return holds ? { $bytes: bytes.length } : file;
}

/** What can be read of a gzip file, or of its beginning. */
function unpackedAsFarAs(bytes: Buffer): Buffer[] {
  try {
    return [gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostUnpackedBytes })];
  } catch {
    return [];
  }
}

/** The rows of a run are many, and most hold no secret: what does not change is not copied. */
function changedArray(value: readonly unknown[], change: Change): readonly unknown[] {
  for (let i = 0; i < value.length; i += 1) {
    const inner = changed(value[i], change);
    if (inner === value[i]) continue;
    return [...value.slice(0, i), inner, ...value.slice(i + 1).map((later) => changed(later, change))];
  }
  return value;
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
