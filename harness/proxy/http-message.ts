/** One HTTP/1.1 message, with what a proxy must know of it. */
export interface HttpMessage {
  /** First line and headers, without the empty line. */
  head: string;
  /** Head and body as they came. */
  raw: Buffer;
  /** The body, chunks joined. */
  body: Buffer;
}

export class MalformedMessage extends Error {
  override name = "MalformedMessage";
}

/** A message of more bytes than any that is needed; `head` is as much as was understood of it, null where nothing was. */
export class MessageTooLong extends MalformedMessage {
  override name = "MessageTooLong";
  readonly head: string | null;

  constructor(side: "request" | "reply", most: number, head: string | null) {
    super(`a ${side} of more than ${most} bytes`);
    this.head = head;
  }
}

const headLimit = 65_536;
/** Bytes of a whole message. The largest results, as JSON, take half of it. */
export const messageLimit = 64 * 2 ** 20;
const headEnd = "\r\n\r\n";
const empty = Buffer.alloc(0);

interface Head {
  text: string;
  /** Offset of the first byte behind the empty line. */
  end: number;
  body: "close" | "chunked" | number;
}

/** Takes in the bytes of one direction of a connection and gives out whole messages, of which it keeps no more than one. */
export class MessageReader {
  readonly #side: "request" | "reply";
  readonly #most: number;
  /** Read already: the head, and whole chunks of a chunked body. */
  #read: Buffer[] = [];
  #readSize = 0;
  #chunks: Buffer[] = [];
  #size = 0;
  /** As many bytes must be there before another look is worth it. */
  #wanted = 0;
  #head: Head | null = null;
  #bodies: Buffer[] = [];

  constructor(side: "request" | "reply", most: number = messageLimit) {
    this.#side = side;
    this.#most = most;
  }

  /** @throws MessageTooLong */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    this.#refuseBeyond(this.#readSize + this.#size);
  }

  /** The next whole message, or null. `bodiless`: a reply to HEAD. @throws MalformedMessage */
  take(bodiless = false): HttpMessage | null {
    if (this.#size === 0 || this.#size < this.#wanted || this.#head?.body === "close") return null;
    this.#head ??= this.#readHead(this.#joined(), bodiless);
    if (this.#head === null) return null;
    const { end, body } = this.#head;
    if (body === "close") return null;
    if (body === "chunked") return this.#takeChunked(this.#head);
    this.#refuseBeyond(end + body);
    this.#wanted = end + body;
    if (this.#size < this.#wanted) return null;
    const bytes = this.#joined();
    return this.#cut(bytes, this.#head, end + body, bytes.subarray(end, end + body));
  }

  /** The message that ends with the connection, if one is under way that may. */
  takeLast(): HttpMessage | null {
    if (this.#head?.body !== "close") return null;
    const bytes = this.#joined();
    return this.#cut(bytes, this.#head, bytes.length, bytes.subarray(this.#head.end));
  }

  /** Whether the sender of a request waits for leave to send the body. */
  get awaitsContinue(): boolean {
    return (
      this.#head !== null &&
      this.#readSize + this.#size === this.#head.end &&
      /^expect: *100-continue/im.test(this.#head.text)
    );
  }

  /** Whether bytes are there that make no whole message. */
  get partial(): boolean {
    return this.#readSize + this.#size > 0;
  }

  #refuseBeyond(size: number): void {
    if (size > this.#most) throw new MessageTooLong(this.#side, this.#most, this.#head?.text ?? null);
  }

  #joined(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks, this.#size)];
    return this.#chunks[0] ?? empty;
  }

  #readHead(bytes: Buffer, bodiless: boolean): Head | null {
    const at = bytes.indexOf(headEnd);
    if (at === -1) {
      if (bytes.length > headLimit) throw new MalformedMessage("a head without an end");
      return null;
    }
    const text = bytes.toString("latin1", 0, at);
    const end = at + headEnd.length;
    return { text, end, body: this.#side === "request" ? requestBody(text) : replyBody(text, bodiless) };
  }

  /** Whole chunks are set aside as they come, so that none is looked at or copied twice. */
  #takeChunked(head: Head): HttpMessage | null {
    const bytes = this.#joined();
    let at = this.#readSize === 0 ? head.end : 0;
    for (;;) {
      const line = bytes.indexOf("\r\n", at);
      if (line === -1) {
        if (bytes.length - at > headLimit) throw new MalformedMessage("a chunk without a size");
        return this.#setAside(bytes, at, 0);
      }
      const size = chunkSize(bytes.toString("latin1", at, line));
      if (size === 0) {
        // Trailers, if any, end as a head does; without them the empty line follows at once.
        const last = bytes.indexOf(headEnd, line);
        if (last === -1) {
          if (bytes.length - line > headLimit) throw new MalformedMessage("trailers without an end");
          return this.#setAside(bytes, at, 0);
        }
        return this.#cut(bytes, head, last + headEnd.length, Buffer.concat(this.#bodies));
      }
      const next = line + 2 + size + 2;
      this.#refuseBeyond(this.#readSize + next);
      if (bytes.length < next) return this.#setAside(bytes, at, next - at);
      this.#bodies.push(bytes.subarray(line + 2, line + 2 + size));
      at = next;
    }
  }

  #setAside(bytes: Buffer, at: number, wanted: number): null {
    this.#read.push(bytes.subarray(0, at));
    this.#readSize += at;
    this.#chunks = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#size = bytes.length - at;
    this.#wanted = wanted;
    return null;
  }

  #cut(bytes: Buffer, { text }: Head, length: number, body: Buffer): HttpMessage {
    const rest = bytes.subarray(length);
    const last = rest.length === 0 ? bytes : bytes.subarray(0, length);
    const raw = this.#readSize === 0 ? last : Buffer.concat([...this.#read, last]);
    this.#read = [];
    this.#readSize = 0;
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#size = rest.length;
    this.#wanted = 0;
    this.#head = null;
    this.#bodies = [];
    return { head: text, raw, body };
  }
}

function requestBody(head: string): Head["body"] {
  if (!/^[A-Z]+ \S+ HTTP\/1\.[01]\r?\n?/.test(head)) throw new MalformedMessage("not an HTTP/1.1 request");
  return isChunked(head) ? "chunked" : (lengthOf(head) ?? 0);
}

function replyBody(head: string, bodiless: boolean): Head["body"] {
  const status = statusOf(head);
  if (bodiless || status < 200 || status === 204 || status === 304) return 0;
  return isChunked(head) ? "chunked" : (lengthOf(head) ?? "close");
}

/** Extensions behind `;` say nothing here. */
function chunkSize(line: string): number {
  const digits = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
  if (digits === undefined) throw new MalformedMessage("a chunk without a size");
  return Number.parseInt(digits, 16);
}

const isChunked = (head: string): boolean => /^transfer-encoding:.*\bchunked\b/im.test(head);

function lengthOf(head: string): number | undefined {
  const found = headerOf(head, "content-length");
  if (found === "") return undefined;
  const length = /^\d{1,15}$/.test(found) ? Number(found) : Number.NaN;
  if (Number.isNaN(length)) throw new MalformedMessage("a content-length that is no number");
  return length;
}

/** The status of a reply. @throws MalformedMessage */
export function statusOf(head: string): number {
  const status = head.startsWith("HTTP/1.") ? Number(head.slice(9, 12)) : Number.NaN;
  if (!(status >= 100 && status <= 999)) throw new MalformedMessage("not an HTTP/1.1 reply");
  return status;
}

/** A header's value, "" where there is none. `name` in lower case. */
export function headerOf(head: string, name: string): string {
  const pattern = patterns.get(name) ?? new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, "im");
  patterns.set(name, pattern);
  return pattern.exec(head)?.[1] ?? "";
}

const patterns = new Map<string, RegExp>();
