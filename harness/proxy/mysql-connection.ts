import type { Socket } from "node:net";
import type { StatementAt } from "../../contracts/in-process.ts";
import { type MysqlErrno, mysqlErrors, saidOf } from "../../contracts/mysql-errors.ts";
import { LateReplies } from "./late-replies.ts";
import type { MysqlProxyOptions } from "./mysql-proxy-options.ts";
import { encrypt, type Sides } from "./mysql-tls.ts";
import {
  capabilitiesOf,
  isWrite,
  type Labelled,
  labelOf,
  type Packet,
  PacketReader,
  ReplyFollower,
  refusalPacket,
  statementLike,
  writtenIn,
} from "./mysql-wire.ts";
import type { Stall } from "./stall.ts";
import type { CallPlan, Way } from "./way.ts";

interface Call {
  plan: CallPlan<void>;
  inTransaction: boolean;
  /** Its statements so far that change something. */
  writes: number;
  /** How its first statement is refused. */
  denied: MysqlErrno | null;
  /** Whether its effect has been told of. */
  done: boolean;
}

type Whole = (reply: Buffer, state: "ok" | "error") => void;

/** Bytes that are held back for one client at most: a statement and an answer of the largest size. */
const heldBytes = 64 * 2 ** 20;

/** One client's connection and the server's behind it. */
export class MysqlConnection {
  readonly #client: Socket;
  readonly #upstream: Socket;
  /** The client's TCP socket, which can be reset: `#client` itself, or what lies below it where that is encrypted. */
  readonly #bare: Socket;
  readonly #options: MysqlProxyOptions;
  readonly #stall: Stall;
  readonly #fromClient = new PacketReader();
  readonly #fromServer = new PacketReader();
  readonly #replies: LateReplies;
  /** Packets of the client are passed on one after the other, whatever each of them waits for. */
  #sending: Promise<void> = Promise.resolve();
  #waiting = 0;
  #waitingBytes = 0;
  /** The same of the server's, while a reply that was kept is on its way. */
  #answering: Promise<void> | null = null;
  #greeted = false;
  /** Whether what is passed on can be read. */
  #isUnread = false;
  #deprecateEof = false;
  #call: Call | null = null;
  /** The reply that is kept back until it is whole, and what becomes of it then. */
  #kept: { follower: ReplyFollower; packets: Buffer[]; bytes: number; whole: Whole } | null = null;

  constructor({ client, upstream }: Sides, options: MysqlProxyOptions, stall: Stall, bare: Socket = client) {
    this.#client = client;
    this.#upstream = upstream;
    this.#bare = bare;
    this.#options = options;
    this.#stall = stall;
    stall.watch(client);
    stall.watch(upstream);
    client.on("data", (chunk: Buffer) => this.#fromTheClient(chunk));
    this.#replies = new LateReplies(
      () => options.replyDelay?.() ?? 0,
      (chunk) => this.#fromTheServer(chunk),
    );
    upstream.on("data", (chunk: Buffer) => this.#replies.take(chunk));
    client.on("error", () => {});
    // What the client has sent still arrives, as it would without a proxy.
    client.once("close", () => void this.#sending.finally(() => upstream.end()));
    upstream.on("error", () => bare.resetAndDestroy());
    upstream.once("close", () => void this.#lastReply().then(() => client.end()));
  }

  async #lastReply(): Promise<void> {
    await this.#replies.last;
    await this.#answering;
  }

  #fromTheClient(chunk: Buffer): void {
    this.#replies.ask();
    if (this.#isUnread) return this.#write(this.#client, this.#upstream, chunk);
    for (const packet of this.#fromClient.push(chunk)) {
      if (!this.#greeted && this.#greet(packet))
        return void this.#encrypt(packet.raw).catch(() => this.#reset());
      const labelled = labelOf(packet);
      if (labelled === null && this.#waiting === 0 && this.#stall.over === null) {
        this.#write(this.#client, this.#upstream, packet.raw);
        continue;
      }
      this.#waiting += 1;
      this.#waitingBytes += packet.raw.length;
      if (this.#waitingBytes > heldBytes) return this.#reset();
      this.#sending = this.#sending
        .then(() => this.#send(packet, labelled))
        .catch(() => this.#reset())
        .finally(() => {
          this.#waiting -= 1;
          this.#waitingBytes -= packet.raw.length;
        });
    }
  }

  /** @returns whether the client asks for encryption */
  #greet(packet: Packet): boolean {
    const { deprecateEof, encrypted } = capabilitiesOf(packet);
    this.#greeted = true;
    this.#deprecateEof = deprecateEof;
    return encrypted && this.#client === this.#bare;
  }

  /** Hands over to a connection that reads what is encrypted, or passes it on as it is. */
  async #encrypt(request: Buffer): Promise<void> {
    this.#client.pause();
    const rest = this.#fromClient.takeRest();
    const certificate = await this.#options.certificate?.();
    if (certificate === undefined) {
      this.#isUnread = true;
      this.#upstream.write(Buffer.concat([request, rest]));
      if (this.#stall.over === null) this.#client.resume();
      return;
    }
    const bare = { client: this.#client, upstream: this.#upstream };
    const sides = await encrypt(bare, { request, rest }, certificate, this.#stall);
    new MysqlConnection(sides, this.#options, this.#stall, bare.client);
  }

  async #send(packet: Packet, labelled: Labelled | null): Promise<void> {
    if (labelled !== null) {
      const begun = this.#call;
      const call = begun ?? this.#begin(labelled);
      if (call !== null && begun === null && !(await this.#starts(call))) return;
      const errno = call && this.#denialOf(call, labelled);
      if (call !== null && errno !== null) return await this.#deny(call, packet, labelled, errno);
      if (call !== null && this.#isEffect(call, labelled))
        this.#keepReply((reply, state) => {
          this.#conclude(call, state);
          this.#answering = this.#answer(call, reply, state)
            .catch(() => this.#reset())
            .finally(() => {
              this.#answering = null;
            });
        });
    }
    while (this.#stall.over !== null) await this.#stall.over;
    this.#write(this.#client, this.#upstream, packet.raw);
  }

  /** The call that a statement begins; one that only clears up begins none. */
  #begin(labelled: Labelled): Call | null {
    const plan = labelled.sql.startsWith("ROLLBACK") ? null : this.#options.plan(labelled);
    this.#call = plan === null ? null : { plan, inTransaction: false, writes: 0, denied: null, done: false };
    return this.#call;
  }

  /** A call whose first statement the server will refuse begins all the same. */
  async #starts(call: Call): Promise<boolean> {
    const way = await call.plan.before();
    call.denied = way.denied ?? null;
    return await this.#goesOn(way);
  }

  /** How the server refuses this statement; null: it does not. */
  #denialOf(call: Call, { sql }: Labelled): MysqlErrno | null {
    if (sql.startsWith("START TRANSACTION") || sql.startsWith("ROLLBACK")) return null;
    if (isWrite(sql)) call.writes += 1;
    const at: StatementAt | null = sql.startsWith("COMMIT") ? "commit" : isWrite(sql) ? call.writes : null;
    const asked = at === null ? undefined : call.plan.statement?.(at, writtenIn(sql)).denied;
    const errno = call.denied ?? asked ?? null;
    call.denied = null;
    return errno;
  }

  /** Answers in the server's place, whose transaction is first brought into the state that the answer says. */
  async #deny(call: Call, packet: Packet, { sql }: Labelled, errno: MysqlErrno): Promise<void> {
    const isCommit = sql.startsWith("COMMIT");
    const isOver = isCommit || !call.inTransaction;
    if (call.inTransaction && (isCommit || mysqlErrors[errno].undoes === "transaction")) {
      call.inTransaction = false;
      await this.#rollBack(packet);
    }
    if (isOver && this.#options.unit === "transaction") this.#call = null;
    while (this.#stall.over !== null) await this.#stall.over;
    this.#client.write(refusalPacket(1, errno, saidOf(errno, writtenIn(sql)?.table)));
  }

  #rollBack(like: Packet): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#keepReply(() => resolve());
    this.#upstream.write(statementLike(like, "ROLLBACK"));
    return promise;
  }

  #keepReply(whole: Whole): void {
    this.#kept = { follower: new ReplyFollower(this.#deprecateEof), packets: [], bytes: 0, whole };
  }

  /** Whether the OK to this statement tells that the call took effect. */
  #isEffect(call: Call, { operation, sql }: Labelled): boolean {
    const { unit, effects } = this.#options;
    if (sql.startsWith("START TRANSACTION")) call.inTransaction = true;
    if (call.done) return false;
    if (unit === "connection") return sql.startsWith(effects?.[operation] ?? "COMMIT");
    if (sql.startsWith("ROLLBACK")) this.#call = null;
    else if (!sql.startsWith("START TRANSACTION")) return !call.inTransaction || sql.startsWith("COMMIT");
    return false;
  }

  /** A statement that may have told of the effect is answered. */
  #conclude(call: Call, state: "ok" | "error"): void {
    if (this.#options.unit === "transaction") this.#call = null;
    else call.done = state === "ok";
  }

  #fromTheServer(chunk: Buffer): void {
    const wait = this.#stall.over ?? this.#answering;
    if (wait !== null) return void wait.then(() => this.#fromTheServer(chunk));
    if (this.#kept === null) return this.#write(this.#upstream, this.#client, chunk);
    const kept = this.#kept;
    kept.bytes += chunk.length;
    for (const packet of this.#fromServer.push(chunk)) {
      kept.packets.push(packet.raw);
      const state = kept.follower.take(packet);
      if (state === "partial") continue;
      this.#kept = null;
      // A procedure gives more than one result: what is behind the first is no part of any reply that is looked at.
      kept.whole(Buffer.concat([...kept.packets, this.#fromServer.takeRest()]), state);
      return;
    }
    if (kept.bytes > heldBytes) this.#passOn(kept.packets);
  }

  /** Of a reply that is too long to be kept nobody can say when it is whole: its call has no place behind the effect. */
  #passOn(packets: readonly Buffer[]): void {
    this.#kept = null;
    this.#call = null;
    this.#client.write(Buffer.concat([...packets, this.#fromServer.takeRest()]));
  }

  async #answer({ plan }: Call, reply: Buffer, state: "ok" | "error"): Promise<void> {
    // A statement that was refused had no effect, so there is no place behind it.
    if (state === "ok" && !(await this.#goesOn(await plan.after(), reply))) return;
    while (this.#stall.over !== null) await this.#stall.over;
    this.#client.write(reply);
  }

  /** Does what a fault says; false where the call ends here. */
  async #goesOn({ stallMs, end }: Way, reply?: Buffer): Promise<boolean> {
    if (stallMs !== undefined) await this.#stall.hold(stallMs);
    if (end === undefined) return true;
    if (end.kind === "truncated" && reply !== undefined && this.#client.writable) {
      const half = reply.subarray(0, Math.floor(reply.length / 2));
      await new Promise((resolve) => this.#client.write(half, resolve));
    }
    this.#reset();
    return false;
  }

  /** What one side does not take is not read from the other, once much of it is held. */
  #write(from: Socket, to: Socket, bytes: Buffer): void {
    if (to.write(bytes) || to.writableLength < heldBytes || from.isPaused()) return;
    const goOn = () => {
      to.off("drain", goOn).off("close", goOn);
      if (this.#stall.over === null) from.resume();
    };
    to.on("drain", goOn).on("close", goOn);
    from.pause();
  }

  #reset(): void {
    this.#bare.resetAndDestroy();
    this.#upstream.destroy();
  }
}
