import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { bytesWithin } from "../../contracts/bounds/bytes.ts";
import {
  objectKey,
  objectPath,
  type S3Format,
  type S3Settings,
  s3Formats,
  s3Url,
} from "../../contracts/destinations/s3.ts";
import { authorizationOf, sha256Of } from "../../contracts/destinations/s3-signature.ts";
import type { Row } from "../../contracts/values.ts";
import type { Thing } from "../world/world.ts";
import {
  type Address,
  destinationKind,
  type HeldObject,
  hostAndPort,
  landed,
  type Source,
  simulatedHost,
  unreadable,
} from "./destination.ts";
import { brokenBelow, brokenKinds, isBrokenKind } from "./s3-broken.ts";
import { objectOf, rowsInObject } from "./s3-objects.ts";
import { namesBelow, objectsBelow, rowsRead } from "./s3-source.ts";

/** A bucket of a store that speaks as S3 does. An object that is written again is there once, as it was written last. */

const output = z.strictObject({
  kind: z.literal("s3"),
  format: z.enum(s3Formats).optional(),
  /** Delivers into a bucket where the store answers 403 to everything, or reads there. */
  refuses: z.boolean().optional(),
  /**
   * Its job reads there, and delivers nothing: the rows of the source in several objects, of which one may be cut off. Where one
   * is, there are objects beside them that cannot be read for other reasons, each kind for a job of its own.
   */
  holds: z.enum(["records", "broken", ...brokenKinds]).optional(),
  /** It reads what begins as names of objects do, in a bucket with dots, and not what is in a folder. */
  isNamed: z.literal(true).optional(),
});
type Output = z.output<typeof output>;

/** Its secret has all that must be escaped in a URL. */
const key = { user: "AKIAINTERLOCK", password: "wJalr/XUt+n@FEMI:K7%25MDENG?b#P&x=Rf'i(CY)" };

const formatOf = ({ format = s3Formats[0] }: Output): S3Format => format;
const bucketOf = ({ refuses, isNamed }: Output): string => {
  if (refuses) return "no-access";
  return isNamed ? "daily.rows-2.v1" : "daily-rows";
};
/** What is escaped in a path stays to the letter. */
const prefixOf = ({ holds, isNamed }: Output, target: string): string =>
  isBrokenKind(holds)
    ? `imports/${target}/${holds}/`
    : `${holds === undefined ? "exports" : "imports"}/${target}/a b+c&d=%20'(1)/${isNamed ? "v1.0..x/day-" : ""}`;

const settingsAt = (at: Address, output: Output, target: string): S3Settings => ({
  type: "s3",
  tls: false,
  ...at,
  ...key,
  bucket: bucketOf(output),
  prefix: prefixOf(output, target),
  format: formatOf(output),
});

export const s3 = destinationKind({
  output,
  component: {},
  protocol: "http",
  start: () => ({ files: {} }),
  async greet(at, _, signal) {
    const reply = await fetch(`http://${hostAndPort(at)}/_ready`, { signal });
    await reply.body?.cancel();
    if (reply.status !== 200) throw new Error(`it answered ${reply.status}`);
  },
  readiness: () => "status 200 from /_ready",
  secrets: () => [key.password],
  url: (output, target, at) => s3Url(settingsAt(at, output, target)),
  simulatedUrl: (output, target) => s3Url(settingsAt({ host: simulatedHost, port: 80 }, output, target)),
  plainest: { kind: "s3" },
  refusing: { kind: "s3", refuses: true },
  refuses: ({ refuses }) => refuses === true,
  async deliver(output, target, source, { at }) {
    const path = objectPath(bucketOf(output), objectKey(settingsAt(at, output, target), "1"));
    await put(at, path, objectOf(source, formatOf(output)));
  },
  holds: (output, target, source) => {
    const { own, beside } = heldIn(output, target, source);
    return [...own, ...beside];
  },
  unreadable: (output) =>
    output.holds === "broken" ? brokenKinds.map((holds) => ({ ...output, holds })) : [],
  asRead: (source) => rowsRead(source),
  async prepare(output, target, source, { at }) {
    const { own, beside } = heldIn(output, target, source);
    for (const { name, body } of [...own, ...beside]) await put(at, objectPath(bucketOf(output), name), body);
  },
  async read(output, target, source, { at }) {
    const place = placeOf(settingsAt(at, output, target));
    const written = newest(await objectsAt(at)).filter(({ path }) => `PUT ${path}`.startsWith(place));
    if (output.holds === undefined)
      return landed(written.map((object) => rowsOf(object, source, formatOf(output))));
    const { own } = heldIn(output, target, source);
    const reads = (await readsAt(at)).filter((one) => placeAsked(`GET ${one.path}?${one.query}`) === place);
    const others = reads.filter((one) => !isSignedAs("GET", one, emptySha256));
    return landed([
      ...written.map((object) => rowsHeld(object, own, bucketOf(output))),
      ...others.map(({ path }) => [unreadable(`a request to read with another key, of ${path}`)]),
    ]);
  },
  place: (settings) => ("bucket" in settings ? placeOf(settings) : ""),
  placeOfRequest: (request) => placeAsked(request),
  async survey({ at }) {
    const places = Map.groupBy(newest(await objectsAt(at)), ({ path }) => folderOf(`PUT ${path}`));
    return new Map([...places].map(([place, all]) => [place, thingOf(all)]));
  },
  meanwhile: () => null,
  after: (output, source, deliveries) =>
    landed([...heldIn(output, "", source).own, ...deliveries].map(({ rows }) => rows)),
});

/** What the store says it was given, and was asked for. */
const request = z.object({
  path: z.string(),
  host: z.string(),
  date: z.string().nullable(),
  contentSha256: z.string().nullable(),
  authorization: z.string().nullable(),
});
const object = request.extend({ body: z.base64() });
const reading = request.extend({ query: z.string() });
type StoredObject = z.output<typeof object>;
type Reading = z.output<typeof reading>;
const listed = z.object({ objects: z.array(object) });
const listedReads = z.object({ reads: z.array(reading) });

const emptySha256 = sha256Of("");

type Held = ReturnType<typeof objectsBelow>;
/** Packed once: the same few lie there in every one of many thousand runs. */
const heldOf = new WeakMap<Source, Map<string, Held>>();

/** What is there for a job to read; nothing where it delivers, or is refused. */
function heldIn(output: Output, target: string, source: Source): Held {
  if (output.holds === undefined || output.refuses) return { own: [], beside: [] };
  const known = heldOf.get(source) ?? new Map<string, Held>();
  heldOf.set(source, known);
  const place = `${output.holds} ${prefixOf(output, target)}`;
  const held = known.get(place) ?? packedIn(output, target, source);
  known.set(place, held);
  return held;
}

function packedIn(output: Output, target: string, source: Source): Held {
  const isBroken = output.holds === "broken";
  const { own, beside } = objectsBelow(prefixOf(output, target), source, isBroken);
  const others = isBroken
    ? brokenKinds.flatMap((holds) => brokenBelow(prefixOf({ ...output, holds }, target), holds, source))
    : [];
  return { own, beside: [...beside, ...others] };
}

async function put(at: Address, path: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const contentSha256 = sha256Of(body);
  const signed = { method: "PUT", path, host: hostAndPort(at), date: "20190904T060000Z", contentSha256 };
  const reply = await fetch(`http://${hostAndPort(at)}${path}`, {
    method: "PUT",
    headers: {
      authorization: authorizationOf(key, signed),
      "x-amz-content-sha256": contentSha256,
      "x-amz-date": signed.date,
    },
    body,
    signal: AbortSignal.timeout(15_000),
  });
  await reply.body?.cancel();
  if (!reply.ok) throw new Error(`it answered ${reply.status}`);
}

const placeOf = ({ bucket, prefix }: Pick<S3Settings, "bucket" | "prefix">): string =>
  `PUT ${objectPath(bucket, prefix)}`;

/** Where the object of a job lies; one that is named otherwise is a place of its own. */
const folderOf = (request: string): string =>
  request.replace(/job_\d+\.(?:jsonl|tsv)\.gz$/, "").replace(namesBelow, "");

/** The place of a request: what is read is of the place that has it, and a list is of what it asks for. */
function placeAsked(request: string): string {
  const [, before, path = "", query] = /^(.*?)GET ([^?]*)(?:\?(.*))?$/.exec(request) ?? [];
  if (before === undefined) return folderOf(request);
  const prefix = new URLSearchParams(query).get("prefix");
  return `${before}PUT ${prefix === null ? folderOf(path) : objectPath(path.slice(1), prefix)}`;
}

const newest = (objects: readonly StoredObject[]): StoredObject[] => [
  ...new Map(objects.map((one) => [one.path, one])).values(),
];

function thingOf(objects: readonly StoredObject[]): Thing {
  const mark = JSON.stringify(objects.map(({ path, body }) => [path, sha256Of(body)]));
  return { what: "other", mark, content: {} };
}

/** All objects of a run, each as it came. */
const listedBytes = 512 * 2 ** 20;
const unpackedBytes = 64 * 2 ** 20;

async function objectsAt(at: Address): Promise<StoredObject[]> {
  const reply = await fetch(`http://${hostAndPort(at)}/_objects`, { signal: AbortSignal.timeout(15_000) });
  const bytes = await bytesWithin(reply.body, listedBytes);
  if (!reply.ok || bytes === null) throw new Error(`the store answered ${reply.status} to /_objects`);
  return listed.parse(JSON.parse(new TextDecoder().decode(bytes))).objects;
}

async function readsAt(at: Address): Promise<Reading[]> {
  const reply = await fetch(`http://${hostAndPort(at)}/_reads`, { signal: AbortSignal.timeout(15_000) });
  const bytes = await bytesWithin(reply.body, listedBytes);
  if (!reply.ok || bytes === null) throw new Error(`the store answered ${reply.status} to /_reads`);
  return listedReads.parse(JSON.parse(new TextDecoder().decode(bytes))).reads;
}

/** Of an object that was to stay as it was. */
function rowsHeld({ path, body }: StoredObject, held: readonly HeldObject[], bucket: string): readonly Row[] {
  const known = held.find(({ name }) => objectPath(bucket, name) === path);
  const isSame = known !== undefined && Buffer.from(known.body).equals(Buffer.from(body, "base64"));
  return isSame ? known.rows : [unreadable(`an object that nobody had put there, at ${path}`)];
}

function rowsOf(object: StoredObject, { columns }: Source, format: S3Format): readonly Row[] {
  const body = Buffer.from(object.body, "base64");
  if (!isSigned(object, body)) return [unreadable("an object that another key has signed, or none")];
  if (!object.path.endsWith(`.${format}`)) return [unreadable(`an object that is no ${format} by its name`)];
  try {
    return rowsInObject(
      gunzipSync(body, { maxOutputLength: unpackedBytes }).toString("utf8"),
      columns,
      format,
    );
  } catch {
    return [unreadable(`an object of ${body.length} bytes at ${object.path}`)];
  }
}

/** Whether the key of the URL signed this very content for this very place. */
const isSigned = (object: StoredObject, body: Buffer): boolean =>
  object.contentSha256 === sha256Of(body) && isSignedAs("PUT", object, object.contentSha256);

function isSignedAs(
  method: string,
  { path, query, host, date, authorization }: z.output<typeof request> & { query?: string },
  contentSha256: string,
): boolean {
  const signed = {
    method,
    path,
    host,
    date: date ?? "",
    contentSha256,
    ...(query === undefined ? {} : { query }),
  };
  return authorization === authorizationOf(key, signed);
}
