import { capabilitiesOf, PacketReader } from "../proxy/mysql-wire.ts";

/** What a client has sent, cut where its connection may be over. */
export interface Piece {
  bytes: Buffer;
  /** Whether it may end the session, or set it back: what the session was is to be looked at before. */
  mayBeLast: boolean;
  /** Whether it surely is the last: the end of TLS. */
  isLast?: true;
}

const quit = 0x01;
const changeUser = 0x11;
const resetConnection = 0x1f;
const lastCommands: readonly (number | undefined)[] = [quit, changeUser, resetConnection];

const compressions = (1 << 5) | (1 << 26);
const tlsHeaderLength = 5;
/** A goodbye of MySQL in a record of TLS, with what any of its ciphers adds. */
const smallRecord = 64;
const alert = 21;
const data = 23;
/** A command of MySQL, five bytes with what the cipher of TLS 1.3 adds, is longer: of less an alert is made alone. */
const commandRecord = 22;
/** What a server says at a goodbye, that it ends TLS, is shorter than an encrypted OK. */
const endOfTls = 31;

/**
 * Cuts one client's bytes. In the clear a command is known by its first byte. Of what is encrypted only the length of each
 * record is known, of what is compressed only that of what came together: every short one may be a goodbye.
 */
export class ClientPieces {
  readonly #packets = new PacketReader();
  #cut: (chunk: Buffer) => Iterable<Piece> = (chunk) => this.#clear(chunk);
  #isGreeted = false;
  #records: Buffer = Buffer.alloc(0);
  #goodbyeBytes = 0;

  /** Bytes of the server after a goodbye, at most: after more it has gone on. */
  get goodbyeBytes(): number {
    return this.#goodbyeBytes;
  }

  cut(chunk: Buffer): Iterable<Piece> {
    return this.#cut(chunk);
  }

  *#clear(chunk: Buffer): Generator<Piece> {
    for (const packet of this.#packets.push(chunk)) {
      const { raw, sequence, payload } = packet;
      yield { bytes: raw, mayBeLast: sequence === 0 && lastCommands.includes(payload[0]) };
      if (this.#isGreeted) continue;
      this.#isGreeted = true;
      const isCompressed = payload.length >= 4 && (payload.readUInt32LE(0) & compressions) !== 0;
      if (capabilitiesOf(packet).encrypted) {
        this.#cut = (next) => this.#encrypted(next);
        this.#goodbyeBytes = endOfTls;
      } else if (isCompressed) this.#cut = compressed;
      else continue;
      const rest = this.#packets.takeRest();
      if (rest.length > 0) yield* this.#cut(rest);
      return;
    }
  }

  *#encrypted(chunk: Buffer): Generator<Piece> {
    this.#records = Buffer.concat([this.#records, chunk]);
    while (this.#records.length >= tlsHeaderLength) {
      const length = this.#records.readUInt16BE(3);
      const end = tlsHeaderLength + length;
      if (this.#records.length < end) return;
      const isLast = this.#records[0] === alert || (this.#records[0] === data && length < commandRecord);
      const bytes = this.#records.subarray(0, end);
      yield { bytes, mayBeLast: length <= smallRecord, ...(isLast && { isLast }) };
      this.#records = this.#records.subarray(end);
    }
  }
}

function* compressed(chunk: Buffer): Generator<Piece> {
  yield { bytes: chunk, mayBeLast: chunk.length <= smallRecord };
}
