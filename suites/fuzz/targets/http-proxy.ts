import fc from "fast-check";
import { type HttpMessage, MalformedMessage, MessageReader } from "../../../harness/proxy/http-message.ts";
import { startHttpProxy } from "../../../harness/proxy/http-proxy.ts";
import type { Target } from "../target.ts";
import { Answering, cut, joined, type Pieces, talk } from "./sockets.ts";

/** The HTTP fault proxy: bytes of both sides that may be no messages at all. */

const text = (all: string) => Buffer.from(all, "latin1");
const requests = [
  "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
  "HEAD /x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
  "POST /v3/job HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello",
  "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
  "POST / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\nhi",
  "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\na;x=y\r\n0123456789\r\n0\r\nt: 1\r\n\r\n",
].map(text);
const replies = [
  "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
  "HTTP/1.1 204 No Content\r\n\r\n",
  "HTTP/1.1 200 OK\r\n\r\nuntil the end",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
  "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
  "HTTP/1.0 500 x\r\ncontent-length: 1\r\n\r\nx",
].map(text);

/** What stands in the place of a number or a line, and says what no message is. */
const odd = [
  "content-length: 99999999999999",
  "content-length: -1",
  "content-length: 1e3",
  "content-length: 2\r\ncontent-length: 3",
  "transfer-encoding: chunked\r\ncontent-length: 3",
  "transfer-encoding: gzip, chunked",
  "ffffffffffffffff\r\n",
  "-1\r\n",
  "0x10\r\n",
  "7fffffff\r\n",
  "\r\n",
  "\n\n",
  "\0",
  ": x\r\n",
  "HTTP/1.1 1e2 OK",
  "HTTP/1.1 99 OK",
  "HTTP/2 200",
].map(text);

const changed = (known: readonly Buffer[]): fc.Arbitrary<Buffer> =>
  fc.oneof(
    fc.constantFrom(...known),
    fc.tuple(fc.constantFrom(...known), fc.constantFrom(...known)).map((both) => Buffer.concat(both)),
    fc.tuple(fc.constantFrom(...known), fc.nat()).map(([one, at]) => one.subarray(0, at % (one.length + 1))),
    fc
      .tuple(fc.constantFrom(...known), fc.nat(), fc.nat(255))
      .map(([one, at, byte]) => Buffer.from(one.with(at % one.length, byte))),
    fc.tuple(fc.constantFrom(...known), fc.nat(), fc.constantFrom(...odd)).map(([one, at, more]) => {
      const place = at % (one.length + 1);
      return Buffer.concat([one.subarray(0, place), more, one.subarray(place)]);
    }),
    fc.tuple(fc.constantFrom(...known), fc.constantFrom(...odd)).map(([one, more]) => {
      const place = one.indexOf("\r\n") + 2;
      return Buffer.concat([one.subarray(0, place), more, text("\r\n"), one.subarray(place)]);
    }),
    fc.uint8Array({ maxLength: 60 }).map((random) => Buffer.from(random)),
  );

type Read = { head: string; body: string; raw: string } | "malformed" | "partial";

function readAll(side: "request" | "reply", chunks: readonly Buffer[]): Read[] {
  const reader = new MessageReader(side);
  const read: Read[] = [];
  const seen = ({ head, body, raw }: HttpMessage): Read => ({
    head,
    body: body.toString("latin1"),
    raw: raw.toString("latin1"),
  });
  try {
    for (const chunk of chunks) {
      reader.push(chunk);
      for (let message = reader.take(); message !== null; message = reader.take()) read.push(seen(message));
    }
    const last = reader.takeLast();
    if (last !== null) read.push(seen(last));
    else if (reader.partial) read.push("partial");
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    read.push("malformed");
  }
  return read;
}

interface Bytes {
  side: "request" | "reply";
  pieces: Pieces;
}

/** However the bytes are cut, they are the same messages, and together nothing else than the bytes. */
export const httpMessages: Target<Bytes> = {
  inputs: fc.oneof(
    cut(changed(requests)).map((pieces): Bytes => ({ side: "request", pieces })),
    cut(changed(replies)).map((pieces): Bytes => ({ side: "reply", pieces })),
  ),
  take: ({ side, pieces }) => {
    const all = joined(pieces);
    const whole = readAll(side, [all]);
    const inPieces = readAll(
      side,
      pieces.map((one) => Buffer.from(one, "base64")),
    );
    if (JSON.stringify(whole) !== JSON.stringify(inPieces))
      throw new Error(`in one piece ${JSON.stringify(whole)}, in several ${JSON.stringify(inPieces)}`);
    const raw = whole.map((one) => (typeof one === "object" ? one.raw : "")).join("");
    if (!all.toString("latin1").startsWith(raw))
      throw new Error(`bytes were changed: ${JSON.stringify(raw)}`);
  },
  runs: 6_000,
};

interface Conversation {
  request: Pieces;
  answer: Pieces;
  /** The request is a whole one: its caller waits for what comes. */
  isWhole: boolean;
}

const service = await new Answering().open();
const proxy = await startHttpProxy({
  host: "127.0.0.1",
  upstream: () => ({ host: "127.0.0.1", port: service.port }),
  onPassage: () => {},
});
const plain: Conversation = {
  request: [requests[1]?.toString("base64") ?? ""],
  answer: [text("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").toString("base64")],
  isWhole: true,
};

/** Whatever either side says, whoever waits gets an answer or an end, and the next caller is served. */
export const httpProxy: Target<Conversation> = {
  inputs: fc.oneof(
    fc.record({
      request: cut(fc.constantFrom(...requests)),
      answer: cut(changed(replies)),
      isWhole: fc.constant(true),
    }),
    fc.record({
      request: cut(changed(requests)),
      answer: cut(changed(replies)),
      isWhole: fc.constant(false),
    }),
  ),
  take: async ({ request, answer, isWhole }) => {
    service.answer = answer;
    await talk(proxy.port, request, isWhole);
    service.answer = plain.answer;
    const heard = await talk(proxy.port, plain.request, true);
    if (!heard.toString().startsWith("HTTP/1.1 200 OK"))
      throw new Error(`the next caller got ${heard.toString()}`);
  },
  runs: 500,
  close: async () => {
    await proxy.close();
    await service.close();
  },
};
