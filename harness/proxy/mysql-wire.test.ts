import { describe, expect, test } from "vitest";
import {
  capabilitiesOf,
  isWrite,
  labelOf,
  type Packet,
  PacketReader,
  ReplyFollower,
  refusalPacket,
  statementLike,
  writtenIn,
} from "./mysql-wire.ts";

const packet = (sequence: number, ...payload: (number | string)[]): Buffer => {
  const body = Buffer.concat(
    payload.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.of(part))),
  );
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
};
const read = (bytes: Buffer): Packet[] => [...new PacketReader().push(bytes)];
const only = (bytes: Buffer): Packet => read(bytes)[0] as Packet;
const query = (sql: string): Packet => only(packet(0, 3, sql));

describe("packets", () => {
  test("come out whole and to the letter, however their bytes come in", () => {
    const bytes = Buffer.concat([packet(0, 3, "SELECT 1"), packet(1), packet(2, 0xfe)]);
    for (const size of [1, 2, 3, 5, bytes.length]) {
      const reader = new PacketReader();
      const found: Packet[] = [];
      for (let at = 0; at < bytes.length; at += size)
        found.push(...reader.push(bytes.subarray(at, at + size)));
      expect(found.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
      expect(Buffer.concat(found.map(({ raw }) => raw))).toEqual(bytes);
    }
  });
});

describe("a label", () => {
  test.each([
    ["/* worker.finish */ UPDATE jobs", "worker.finish", null, "UPDATE jobs"],
    ["/* insertInto job:7 */ COMMIT", "insertInto", "7", "COMMIT"],
    ["\0\x01/* ping */ SELECT 1", "ping", null, "SELECT 1"],
  ])("of %j is %s about job %s", (sql, operation, job, rest) => {
    expect(labelOf(query(sql))).toEqual({ operation, job, sql: rest });
  });

  test.each(["UPDATE jobs", "/*! hint */ SELECT 1", "/* a note on job 7 */ SELECT 1", ""])(
    "is not in %j",
    (sql) => {
      expect(labelOf(query(sql))).toBeNull();
    },
  );

  test("is in nothing but a statement that begins an exchange", () => {
    expect(labelOf(only(packet(3, 3, "/* ping */ SELECT 1")))).toBeNull();
    expect(labelOf(only(packet(0, 22, "/* ping */ SELECT 1")))).toBeNull();
    expect(labelOf(only(packet(0)))).toBeNull();
  });
});

describe("a statement that writes", () => {
  test.each([
    ["INSERT INTO t VALUES (1)", true],
    ["  /* note */ update t SET a = 1", true],
    ["RENAME TABLE a TO b", true],
    ["CREATE TABLE t AS SELECT 1", true],
    ["SELECT 1 FROM inserts FOR UPDATE", false],
    ["COMMIT", false],
    ["", false],
  ])("is told by its first word: %s", (sql, expected) => {
    expect(isWrite(sql)).toBe(expected);
  });
});

describe("what a statement does to a table", () => {
  test.each([
    ["INSERT INTO jobs (id) VALUES (1)", "jobs", true],
    ["insert ignore into `jobs` SET a = 1", "jobs", true],
    ["REPLACE jobs VALUES (1)", "jobs", true],
    ["/* note */ UPDATE `tables` SET a = 1", "tables", true],
    ["DELETE FROM jobs WHERE id IN (1)", "jobs", false],
  ])("is told by its first words: %s", (sql, table, needsRoom) => {
    const written = writtenIn(sql);
    expect([written?.table, written?.needsRoom()]).toEqual([table, needsRoom]);
  });

  test.each(["SELECT 1 FROM jobs FOR UPDATE", "COMMIT", "CREATE TABLE t AS SELECT 1", "RENAME TABLE a TO b"])(
    "is nothing to a row: %s",
    (sql) => {
      expect(writtenIn(sql)).toBeNull();
    },
  );
});

describe("what a proxy says itself", () => {
  test("is a refusal as a server sends it", () => {
    const sent = only(refusalPacket(1, 1213, { sqlState: "40001", message: "Deadlock" }));
    expect(sent).toEqual(only(packet(1, 0xff, 0xbd, 0x04, "#40001Deadlock")));
  });

  test.each([
    ["a client that knows no query attributes", packet(0, 3, "/* work */ COMMIT"), [3]],
    ["one that does", packet(0, 3, 0, 1, "/* work */ COMMIT"), [3, 0, 1]],
  ])("is a statement as it would come from %s", (_, like, head) => {
    expect(only(statementLike(only(like), "ROLLBACK"))).toEqual(only(packet(0, ...head, "ROLLBACK")));
  });
});

describe("a reply is whole", () => {
  const follow = (deprecateEof: boolean, packets: Buffer[]) => {
    const follower = new ReplyFollower(deprecateEof);
    return packets.map((bytes) => follower.take(only(bytes)));
  };
  const column = (n: number) => packet(n, 3, "def");
  const row = (n: number) => packet(n, 1, "x");
  const eof = (n: number) => packet(n, 0xfe, 0, 0, 2, 0);

  test("with one OK or one refusal", () => {
    expect(follow(false, [packet(1, 0, 0, 0)])).toEqual(["ok"]);
    expect(follow(false, [packet(1, 0xff, "no")])).toEqual(["error"]);
  });

  test("behind the rows of a result, where columns and rows end with a packet each", () => {
    const rows = [packet(1, 1), column(2), eof(3), row(4), row(5), eof(6)];
    expect(follow(false, rows)).toEqual([...Array.from({ length: 5 }, () => "partial"), "ok"]);
  });

  test("behind the rows of a result, where an OK ends them", () => {
    const rows = [packet(1, 2), column(2), column(3), row(4), packet(5, 0xfe, 0, 0, 2, 0, 0, 0)];
    expect(follow(true, rows)).toEqual([...Array.from({ length: 4 }, () => "partial"), "ok"]);
  });

  test("with a refusal in the midst of the rows", () => {
    expect(follow(false, [packet(1, 1), column(2), eof(3), row(4), packet(5, 0xff, "gone")]).at(-1)).toBe(
      "error",
    );
  });

  test("not with the second part of a row that is too long for one packet, whatever that begins with", () => {
    const first = Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 4]), Buffer.alloc(0xff_ffff, 1)]);
    for (const second of [packet(5, 0xff, "no refusal"), packet(5, 0xfe, 0, 0)])
      expect(follow(false, [packet(1, 1), column(2), eof(3), first, second, eof(6)]).slice(3)).toEqual([
        "partial",
        "partial",
        "ok",
      ]);
  });

  test("not with a long row that begins as an end does", () => {
    const long = packet(4, 0xfe, "a row of more than nine bytes");
    expect(follow(false, [packet(1, 1), column(2), eof(3), long, eof(5)]).slice(3)).toEqual([
      "partial",
      "ok",
    ]);
  });
});

test("what a client asks for is in its answer to the greeting", () => {
  const answer = (flags: number) => {
    const bytes = Buffer.alloc(32);
    bytes.writeUInt32LE(flags, 0);
    return capabilitiesOf(only(packet(1, ...bytes)));
  };
  expect(answer(0)).toEqual({ deprecateEof: false, encrypted: false });
  expect(answer(1 << 24)).toEqual({ deprecateEof: true, encrypted: false });
  expect(answer(1 << 11)).toEqual({ deprecateEof: false, encrypted: true });
  expect(capabilitiesOf(only(packet(1)))).toEqual({ deprecateEof: false, encrypted: false });
});
