import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { joined, writeAll } from "./write-all.ts";

/**
 * As much of a MySQL server as a client needs to believe it, without a database behind it (MySQL internals manual,
 * client/server protocol): what it answers to a statement is up to a test, also what no real server would.
 */

/** Answers one statement. */
export interface Reply {
  ok(): void;
  error(errno: number, message: string): void;
  /** A whole result; null is NULL. */
  rows(columns: readonly string[], rows: readonly (readonly (string | null)[])[]): void;
  /** The beginning of a result, with packets that stand for rows, as long as there are any and the client takes them. */
  stream(columns: readonly string[], packets: Iterable<Buffer>): Promise<void>;
  /** The payload of one packet, whatever it is. */
  packet(payload: Buffer): void;
}

export interface MysqlPeer extends AsyncDisposable {
  port: number;
  /** Statements in the order in which they came. */
  statements: string[];
  /** Bytes that were sent. */
  sent: () => number;
}

const quit = 0x01;
const query = 0x03;

/** @param answer may leave a statement unanswered, and answer it at any time */
export async function mysqlPeer(answer: (sql: string, reply: Reply) => void): Promise<MysqlPeer> {
  const sockets = new Set<Socket>();
  const statements: string[] = [];
  let closed = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => {
      sockets.delete(socket);
      closed += socket.bytesWritten;
    });
    socket.write(packetOf(greeting, 0));
    let rest: Buffer = Buffer.alloc(0);
    let isGreeted = false;
    socket.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
        const payload = rest.subarray(4, 4 + rest.readUIntLE(0, 3));
        rest = rest.subarray(4 + payload.length);
        const reply = replyOn(socket, isGreeted ? 1 : 2);
        const sql = payload.toString("utf8", 1);
        if (isGreeted && payload[0] === quit) socket.end();
        else if (!isGreeted || payload[0] !== query) reply.ok();
        else {
          statements.push(sql);
          answer(sql, reply);
        }
        isGreeted = true;
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    statements,
    sent: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, closed),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function replyOn(socket: Socket, first: number): Reply {
  let sequence = first;
  const packet = (payload: Buffer) => {
    socket.write(packetOf(payload, sequence));
    sequence = (sequence + 1) % 256;
  };
  const head = (columns: readonly string[]) => {
    packet(Buffer.from([columns.length]));
    for (const name of columns) packet(columnOf(name));
    packet(eof);
  };
  return {
    ok: () => packet(ok),
    error: (errno, message) =>
      packet(Buffer.concat([Buffer.from([0xff, errno % 256, errno >> 8]), Buffer.from(`#HY000${message}`)])),
    rows(columns, rows) {
      head(columns);
      for (const row of rows) packet(rowOf(row));
      packet(eof);
    },
    async stream(columns, packets) {
      head(columns);
      const numbered = function* () {
        for (const payload of packets) {
          yield packetOf(payload, sequence);
          sequence = (sequence + 1) % 256;
        }
      };
      await writeAll(socket, joined(numbered()));
      packet(eof);
    },
    packet,
  };
}

const packetOf = (payload: Buffer, sequence: number): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, payload]);
};

const ok = Buffer.from([0x00, 0, 0, 2, 0, 0, 0]);
const eof = Buffer.from([0xfe, 0, 0, 2, 0]);

/** A text behind its length. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  if (bytes.length < 251) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const head = Buffer.alloc(4);
  head[0] = 0xfd;
  head.writeUIntLE(bytes.length, 1, 3);
  return Buffer.concat([head, bytes]);
}

export const rowOf = (cells: readonly (string | null)[]): Buffer =>
  Buffer.concat(cells.map((cell) => (cell === null ? Buffer.from([0xfb]) : text(cell))));

/** A column of text in utf8mb4. */
export const columnOf = (name: string): Buffer =>
  Buffer.concat([
    ...["def", "", "", "", name, name].map(text),
    Buffer.from([0x0c, 0xff, 0, 0xff, 0xff, 0xff, 0, 0xfd, 0, 0, 0, 0, 0]),
  ]);

/** Protocol 4.1, passwords by mysql_native_password, which every server of this kind finds right. */
const greeting = Buffer.concat([
  Buffer.from([10]),
  Buffer.from("8.4.0-peer\0"),
  Buffer.from([1, 0, 0, 0]),
  Buffer.from("12345678\0"),
  // LONG_PASSWORD, CONNECT_WITH_DB, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION; utf8mb4; autocommit; PLUGIN_AUTH.
  Buffer.from([0x09, 0xa2, 0xff, 2, 0, 0x08, 0, 21]),
  Buffer.alloc(10),
  Buffer.from("123456789012\0mysql_native_password\0"),
]);
