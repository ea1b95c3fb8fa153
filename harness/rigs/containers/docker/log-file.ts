import { createWriteStream, type WriteStream } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { makeFolder } from "../../../make-folder.ts";
import { withoutAccounts } from "../../../url-accounts.ts";

/** How many last lines a message shows. */
const tailLines = 15;

/** What a component wrote just before its end still has to come through; a process that hands its output on never closes it. */
const settleMs = 1_000;

/** The log of one component: a file without secrets, and its last lines for messages. */
export class LogFile {
  readonly tail: string[] = [];
  readonly #file: WriteStream;
  readonly #redact: (text: string) => string;
  readonly #onSecret: () => void;
  readonly #reading: Promise<void>[] = [];

  /** @param onSecret told of each line that holds a secret */
  constructor(path: string, redact: (text: string) => string, onSecret: () => void) {
    makeFolder(dirname(path), 0o700);
    this.#file = createWriteStream(path, { flags: "a", mode: 0o600 });
    this.#redact = redact;
    this.#onSecret = onSecret;
  }

  /** Takes in a stream line by line, until it ends. */
  follow(stream: Readable): void {
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on("line", (line) => this.#write(line));
    this.#reading.push(new Promise((resolve) => lines.once("close", resolve)));
  }

  #write(line: string): void {
    const known = this.#redact(line);
    if (known !== line) this.#onSecret();
    const clean = withoutAccounts(known);
    if (!this.#file.writableEnded) this.#file.write(`${clean}\n`);
    this.tail.push(clean);
    if (this.tail.length > tailLines) this.tail.shift();
  }

  /** Resolves when everything that was followed has ended, so that the tail is complete; after a second at the latest. */
  async settled(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, settleMs);
    });
    await Promise.race([Promise.all(this.#reading), late]);
    clearTimeout(timer);
  }

  /** Resolves when all that came is written. */
  async close(): Promise<void> {
    await this.settled();
    this.#file.end();
    await finished(this.#file);
  }
}
