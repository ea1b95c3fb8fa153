import fc from "fast-check";
import { startMysqlProxy } from "../../../harness/proxy/mysql-proxy.ts";
import { untouched } from "../../../harness/proxy/way.ts";
import type { Target } from "../target.ts";
import { Answering, cut, joined, type Pieces, talk } from "./sockets.ts";

/** The MySQL fault proxy: what it does not understand it passes on to the letter, and it keeps nobody waiting. */

function packet(sequence: number, payload: Buffer | string): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
}

/** The answer to a greeting: capabilities, and who speaks. */
const login = (flags: number) => {
  const payload = Buffer.alloc(32);
  payload.writeUInt32LE(flags >>> 0, 0);
  return packet(1, payload);
};
const deprecateEof = 1 << 24;
const ssl = 1 << 11;

const query = (sql: string) => packet(0, `\u0003${sql}`);
const clients = [
  Buffer.concat([login(0), query("SELECT 1")]),
  Buffer.concat([login(deprecateEof), query("/* finishJob job:1 */ UPDATE jobs SET a = 1")]),
  Buffer.concat([login(0), query("/* finishJob job:1 */ START TRANSACTION")]),
  Buffer.concat([login(0), query("/* finishJob */ COMMIT")]),
  Buffer.concat([login(ssl), Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])]),
  Buffer.concat([login(ssl), Buffer.from([0xff, 0xff, 0xff, 0x00, 0x01, 0x02])]),
];

const ok = packet(1, "\0\0\0\x02\0\0\0");
const eof = (sequence: number) => packet(sequence, Buffer.from([0xfe, 0, 0, 2, 0]));
const answers = [
  ok,
  packet(1, Buffer.from([0xff, 0x28, 0x04, 0x23, 0x34])),
  Buffer.concat([packet(1, "\x01"), packet(2, "\x03def"), eof(3), packet(4, "\x011"), eof(5)]),
  Buffer.concat([packet(1, "\x01"), packet(2, "\x03def"), packet(3, "\x011"), eof(4)]),
  // A second result behind the first, as a procedure gives.
  Buffer.concat([ok, packet(2, "\x01"), packet(3, "\x03def"), eof(4), eof(5)]),
  packet(1, Buffer.from([0xfb, 0x2f, 0x65])),
];

const changed = (known: readonly Buffer[]): fc.Arbitrary<Buffer> =>
  fc.oneof(
    fc.tuple(fc.constantFrom(...known), fc.nat()).map(([one, at]) => one.subarray(0, at % (one.length + 1))),
    fc
      .tuple(fc.constantFrom(...known), fc.nat(), fc.nat(255))
      .map(([one, at, byte]) => Buffer.from(one.with(at % one.length, byte))),
    fc.tuple(fc.constantFrom(...known), fc.constantFrom(...known)).map((both) => Buffer.concat(both)),
    fc.constantFrom("ffffff00", "ffffff01ff", "00000000", "0000000003").map((hex) => Buffer.from(hex, "hex")),
    fc.uint8Array({ maxLength: 40 }).map((random) => Buffer.from(random)),
    fc.constant(Buffer.from("GET / HTTP/1.1\r\n\r\n")),
  );

interface Conversation {
  client: Pieces;
  answer: Pieces;
  /** Both sides say what MySQL says: all of it must come through. */
  isWhole: boolean;
}

const server = await new Answering().open();
const proxy = await startMysqlProxy({
  host: "127.0.0.1",
  upstream: () => ({ host: "127.0.0.1", port: server.port }),
  plan: () => ({ before: () => untouched, after: () => untouched }),
  unit: "transaction",
});

export const mysqlProxy: Target<Conversation> = {
  inputs: fc.oneof(
    fc.record({
      client: cut(fc.constantFrom(...clients)),
      answer: cut(fc.constantFrom(...answers.slice(0, 2), answers[4] as Buffer)),
      isWhole: fc.constant(true),
    }),
    fc.record({
      client: cut(fc.oneof(fc.constantFrom(...clients), changed(clients))),
      answer: cut(changed(answers)),
      isWhole: fc.constant(false),
    }),
  ),
  take: async ({ client, answer, isWhole }) => {
    server.answer = answer;
    server.after = isWhole ? joined(client).length : 1;
    const heard = await talk(proxy.port, client, isWhole);
    const said = joined(answer);
    if (isWhole ? !heard.equals(said) : !said.subarray(0, heard.length).equals(heard))
      throw new Error(`the server said ${said.toString("hex")}, the client heard ${heard.toString("hex")}`);
  },
  runs: 700,
  close: async () => {
    await proxy.close();
    await server.close();
  },
};
