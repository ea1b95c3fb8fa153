import { createHash, randomBytes } from "node:crypto";
import { visible } from "./errors.ts";

/** How a text looks where it is part of another notation, or of a message. */
const looks: Readonly<Record<string, (text: string) => string>> = {
  uri: encodeURIComponent,
  form: (text) => new URLSearchParams({ _: text }).toString().slice("_=".length),
  json: (text) => JSON.stringify(text).slice(1, -1),
  shown: visible,
};

/** More looks, for secrets that are long enough not to be found by chance. */
const longLooks: Readonly<Record<string, (text: string) => string>> = {
  hex: (text) => Buffer.from(text).toString("hex"),
  base64: (text) => base64At(text, 0),
  base64b: (text) => base64At(text, 1),
  base64c: (text) => base64At(text, 2),
};

/** The digits of base64 that depend on this text alone, where so many bytes of its group of three come before it. */
function base64At(text: string, before: number): string {
  const bytes = Buffer.from(text);
  const digits = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
  return digits.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

const longEnough = 8;

/** What is shorter is taken for no secret: it stands in too many texts by chance. */
const shortest = 4;

/** A text to hide, and the token that stands for it in a history. */
interface Known {
  text: string;
  token: string;
}

/** The secrets of one run, so that they can be found and hidden wherever text leaves the run. */
export class Secrets {
  /** Longest first: a secret within another must not leave the rest of it in sight. */
  #known: readonly Known[] = [];
  readonly #numbers = new Map<string, number>();
  #redact = (text: string): string => text;

  /** A new password or token: 32 hex digits, so that no notation changes its looks. */
  make(): string {
    return this.add(randomBytes(16).toString("hex"));
  }

  /**
   * Takes in a secret that was given from outside, such as a customer's key in the config, and all its looks; `written` is
   * one that somebody gave it.
   */
  add(secret: string, written = secret): string {
    if ([secret, written].every((one) => this.#known.some(({ text }) => text === one))) return secret;
    const number = this.#numberOf(secret);
    const added = new Map([
      [secret, `***${number}***`],
      ...(written === secret ? [] : [[written, `***${number}:written***`] as const]),
    ]);
    const isLong = secret.length >= longEnough;
    for (const [name, look] of Object.entries(isLong ? { ...looks, ...longLooks } : looks)) {
      const text = look(secret.toWellFormed());
      if (!added.has(text)) added.set(text, `***${number}:${name}***`);
    }
    for (const { text } of this.#known) added.delete(text);
    // An encoding of a very short secret stands in other texts by chance.
    const hidden = [...added].filter(([text]) => Math.min(text.length, secret.length) >= shortest);
    this.#known = [...this.#known, ...hidden.map(([text, token]) => ({ text, token }))].sort(
      (a, b) => b.text.length - a.text.length,
    );
    this.#redact = replacer(this.#known, () => "***");
    return secret;
  }

  /** The token of a secret that was taken in; undefined for any other text. */
  knownToken(secret: string): string | undefined {
    return this.#known.find(({ text }) => text === secret)?.token;
  }

  /** The token of a secret that is known by where it stands, however short it is. */
  tokenOf(secret: string): string {
    return this.knownToken(secret) ?? `***${this.#numberOf(secret)}***`;
  }

  #numberOf(secret: string): number {
    const number = this.#numbers.get(secret) ?? this.#numbers.size + 1;
    this.#numbers.set(secret, number);
    return number;
  }

  /** The text with every known secret replaced by `***`: for terminals, logs and reports. */
  readonly redact = (text: string): string => this.#redact(text);

  /**
   * Replaces every known secret by its token, for histories: equal secrets have equal tokens, others have others, and
   * the percent-encoded look of the first secret is `***1:uri***`. A secret that is one of `names` stays, as no secret.
   */
  tokeniser(names: ReadonlySet<string> = new Set()): (text: string) => string {
    return replacer(
      this.#known.filter(({ text }) => !names.has(text)),
      ({ token }) => token,
    );
  }
}

/** One pattern tells quickly that a text holds none, as most do. */
function replacer(known: readonly Known[], by: (one: Known) => string): (text: string) => string {
  if (known.length === 0) return (text) => text;
  const any = new RegExp(
    known.map(({ text }) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)).join("|"),
  );
  return (text) => (any.test(text) ? replaced(text, known, by) : text);
}

/** What was put in is not searched again: it may look like a part of another secret. */
function replaced(text: string, known: readonly Known[], by: (one: Known) => string): string {
  const at = known.findIndex((one) => text.includes(one.text));
  const found = known[at];
  if (found === undefined) return text;
  const rest = known.slice(at + 1);
  return text
    .split(found.text)
    .map((part) => replaced(part, rest, by))
    .join(by(found));
}

export const sha256 = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");
