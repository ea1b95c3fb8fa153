import { z } from "zod";
import { bytesWithin } from "../../contracts/bounds/bytes.ts";
import { beyondLimits } from "../../contracts/bounds/json.ts";
import { webRowLimit } from "../../contracts/destinations/web.ts";
import { type Column, type Row, rows } from "../../contracts/values.ts";
import { sha256 } from "../secrets.ts";
import type { Thing } from "../world/world.ts";
import {
  type Address,
  destinationKind,
  hostAndPort,
  landed,
  simulatedHost,
  unreadable,
} from "./destination.ts";

/** A path of an HTTP server. A receiver knows repetitions by their Idempotency-Key, so each key counts once. */

const output = z.strictObject({
  kind: z.literal("web"),
  /** Delivers where the server answers 403 to everything. */
  refuses: z.boolean().optional(),
  /** Named by a URL without a login, a method and parameters: what is left out means what it usually does. */
  isPlain: z.boolean().optional(),
});
type Output = z.output<typeof output>;

const methodOf = ({ isPlain }: Output): "PUT" | "POST" => (isPlain ? "PUT" : "POST");
/** What is escaped in it, what looks so and its parameters stay to the letter, but for the method. */
const pathOf = ({ refuses, isPlain }: Output, target: string, parameter = ""): string =>
  `/${refuses ? "refuse" : "sink"}/${target}${isPlain ? "" : `/a%20b+c?x=%2F+1&${parameter}y=%C3%B6`}`;

/** Every part that a customer must escape is there, and some are lost where one is read twice or not at all. */
const login = { user: "loader@shop", password: "p@ss:w/ö%25%+ ?#&" };

const urlAt = (host: string, output: Output, target: string): string => {
  const written = output.isPlain ? "" : `${Object.values(login).map(encodeURIComponent).join(":")}@`;
  return `web://${written}${host}${pathOf(output, target, `method=${methodOf(output).toLowerCase()}&`)}`;
};

const basic = `Basic ${Buffer.from(Object.values(login).join(":"), "utf8").toString("base64")}`;
/** Null where nobody has said who delivers. */
const authorizationOf = ({ isPlain }: Output): string | null => (isPlain ? null : basic);

export const web = destinationKind({
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
  secrets: () => [login.password],
  url: (output, target, at) => urlAt(hostAndPort(at), output, target),
  simulatedUrl: (output, target) => urlAt(simulatedHost, output, target),
  plainest: { kind: "web" },
  refusing: { kind: "web", refuses: true },
  refuses: ({ refuses }, { rows }) => refuses === true || rows.length > webRowLimit,
  async deliver(output, target, { columns, rows: data }, { at }) {
    const reply = await fetch(`http://${hostAndPort(at)}${pathOf(output, target)}`, {
      method: methodOf(output),
      headers: {
        ...(output.isPlain ? {} : { authorization: basic }),
        "content-type": "application/json",
        "idempotency-key": target,
      },
      body: JSON.stringify({
        column_names: columns.map(([name]) => name),
        column_types: columns.map(([, type]) => type),
        data,
      }),
      signal: AbortSignal.timeout(15_000),
    });
    await reply.body?.cancel();
    if (!reply.ok) throw new Error(`it answered ${reply.status}`);
  },
  prepare: async () => {},
  async read(output, target, _, { at }) {
    const received = await receivedAt(at, pathOf(output, target));
    const asked = received.filter(({ method }) => method === methodOf(output));
    return landed(onceByKey(asked).map((one) => rowsOf(one, authorizationOf(output))));
  },
  place: (settings) => ("path" in settings ? placeOf(settings) : ""),
  async survey({ at }) {
    const received = await receivedAnywhere(at);
    if (received === null) return null;
    const places = Map.groupBy(received, placeOf);
    return new Map([...places].map(([place, all]) => [place, thingOf(all)]));
  },
  meanwhile: () => null,
  after: (_, __, deliveries) => landed(deliveries.map(({ rows }) => rows)),
});

/** What the server says it received; `body` is to the letter what came. */
const delivery = z.object({
  method: z.string(),
  /** Servers that list one path alone may leave it out. */
  path: z.string().optional(),
  idempotencyKey: z.string().nullish(),
  /** SHA-256 of the `authorization` header, in hex. Servers that look at none may leave it out. */
  authorizationSha256: z.string().nullish(),
  body: z.string(),
});
type Received = z.output<typeof delivery>;
const deliveries = z.object({ deliveries: z.array(delivery) });

const placeOf = (where: { method: string; path?: string | undefined }): string =>
  `${where.method} ${where.path}`;

/** What came to one place. Columns of several deliveries are those of the last. */
function thingOf(received: readonly Received[]): Thing {
  const once = onceByKey(received);
  const columns = columnsOf(once.at(-1));
  const content = {
    ...(columns === null ? {} : { columns }),
    rows: once.flatMap((one) => rowsOf(one)).length,
  };
  return { what: "other", mark: JSON.stringify([once.length, content]), content };
}

/** Asks the server itself, by the control path that only the oracle uses. */
async function receivedAt(at: Address, path: string): Promise<Received[]> {
  const reply = await ask(at, `?path=${encodeURIComponent(path)}`);
  return deliveries.parse(await listIn(reply)).deliveries;
}

/** What came to any path; null where the server does not know this question. */
async function receivedAnywhere(at: Address): Promise<Received[] | null> {
  const reply = await ask(at, "", (status) => status < 500);
  const listed = deliveries.safeParse(await listIn(reply).catch(() => null));
  const isListed =
    reply.ok && listed.success && listed.data.deliveries.every(({ path }) => path !== undefined);
  return isListed ? listed.data.deliveries : null;
}

async function ask(
  at: Address,
  which: string,
  isAnswer = (status: number) => status < 300,
): Promise<Response> {
  const reply = await fetch(`http://${hostAndPort(at)}/_deliveries${which}`, {
    signal: AbortSignal.timeout(15_000),
  });
  if (!isAnswer(reply.status))
    throw new Error(`the web destination answered ${reply.status} to /_deliveries`);
  return reply;
}

/** All deliveries of a run, each as it came. */
const listedBytes = 512 * 2 ** 20;

async function listIn(reply: Response): Promise<unknown> {
  const bytes = await bytesWithin(reply.body, listedBytes);
  if (bytes === null)
    throw new Error(`the web destination lists deliveries of more than ${listedBytes} bytes`);
  const beyond = beyondLimits(bytes, { depth: 100 });
  if (beyond !== null) throw new Error(`the web destination lists deliveries in JSON with ${beyond}`);
  return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
}

function onceByKey(received: readonly Received[]): Received[] {
  const seen = new Set<string>();
  return received.filter(({ idempotencyKey: key }) => {
    if (key == null) return true;
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  });
}

/** Values of one delivery: as many rows as the protocol carries, of twenty columns. */
const payloadLimits = { depth: 8, values: 20 * webRowLimit };
/** Without a list of all that is wrong: there may be a million. */
const texts = z.custom<string[]>(
  (value) => Array.isArray(value) && value.every((text) => typeof text === "string"),
);
const payload = z.object({ column_names: texts, column_types: texts, data: rows });

function payloadIn(body: string): z.output<typeof payload> {
  if (beyondLimits(Buffer.from(body), payloadLimits) !== null) throw new Error("too much");
  return payload.parse(JSON.parse(body));
}

function columnsOf(received: Received | undefined): Column[] | null {
  try {
    const { column_names: names, column_types: types } = payloadIn(received?.body ?? "");
    return names.map((name, i): Column => [name, types[i] ?? ""]);
  } catch {
    return null;
  }
}

/** @param authorization what had to come with it; it is not looked at where none is given */
function rowsOf(
  { body, authorizationSha256: came }: Received,
  authorization?: string | null,
): readonly Row[] {
  const right = typeof authorization === "string" ? sha256(authorization) : authorization;
  if (came !== undefined && right !== undefined && came !== right)
    return [unreadable("a delivery with other credentials than those of its URL")];
  try {
    return payloadIn(body).data;
  } catch {
    return [unreadable(`a delivery that begins ${JSON.stringify(body.slice(0, 80))}`)];
  }
}
