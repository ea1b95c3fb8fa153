import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import fc from "fast-check";

/** Bytes of one direction in pieces, as base64. */
export type Pieces = string[];

/** The bytes in one piece or in several, cut anywhere. */
export const cut = (bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Pieces> =>
  fc.tuple(bytes, fc.array(fc.nat(), { maxLength: 3 })).map(([all, cuts]) => {
    const places = [0, ...cuts.map((at) => at % (all.length + 1)).toSorted((a, b) => a - b), all.length];
    return places.slice(1).map((end, i) => all.subarray(places[i], end).toString("base64"));
  });

export const joined = (pieces: Pieces): Buffer =>
  Buffer.concat(pieces.map((one) => Buffer.from(one, "base64")));

/** A server that answers each connection with the same pieces as soon as it has heard enough, and then ends it. */
export class Answering {
  answer: Pieces = [];
  /** Bytes that it hears before it answers. */
  after = 1;
  port = 0;
  readonly #server = createServer({ noDelay: true }, (caller) => {
    caller.on("error", () => {});
    let heard = 0;
    caller.on("data", (chunk: Buffer) => {
      const before = heard;
      heard += chunk.length;
      if (before >= this.after || heard < this.after) return;
      void sendAll(caller, this.answer).then(() => caller.end());
    });
  });

  async open(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  close = (): Promise<void> => new Promise((resolve) => this.#server.close(() => resolve()));
}

async function sendAll(socket: Socket, pieces: Pieces): Promise<void> {
  for (const piece of pieces) {
    if (!socket.writable) return;
    await new Promise((resolve) => socket.write(Buffer.from(piece, "base64"), resolve));
  }
}

/** How long whoever has sent all that is needed may be left without an answer or an end. */
const answerMs = 5_000;

/**
 * Says the pieces and hears until the other side ends. `isWhole`: more is not needed, so an end must come; else the caller
 * leaves as soon as it has sent them.
 */
export async function talk(port: number, pieces: Pieces, isWhole: boolean): Promise<Buffer> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const heard: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => heard.push(chunk));
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.once("close", resolve));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`neither an answer nor an end within ${answerMs} ms`)),
      answerMs,
    );
  });
  try {
    await sendAll(socket, pieces);
    if (!isWhole) socket.end();
    await Promise.race([closed, late]);
    return Buffer.concat(heard);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
