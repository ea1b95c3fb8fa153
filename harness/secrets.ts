import { createHash, randomBytes } from "node:crypto";

/** The secrets of one run: made here, so that they can be found again and hidden wherever text leaves the run. */
export class Secrets {
  /** Longest first: a secret within another must not leave the rest of it in sight. */
  readonly #known: string[] = [];

  /** A new password or token: 32 hex digits, so that no escaping changes its looks. */
  make(): string {
    return this.add(randomBytes(16).toString("hex"));
  }

  /** Takes in a secret that was given from outside, such as a customer's key in the config. */
  add(secret: string): string {
    if (secret.length >= 4 && !this.#known.includes(secret)) {
      this.#known.push(secret);
      this.#known.sort((a, b) => b.length - a.length);
    }
    return secret;
  }

  /** The text with every known secret replaced by `***`. */
  readonly redact = (text: string): string => {
    let redacted = text;
    for (const secret of this.#known) redacted = redacted.replaceAll(secret, "***");
    return redacted;
  };
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
