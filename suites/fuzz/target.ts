import type fc from "fast-check";

/** Something that takes in what others wrote. */
export interface Target<Input = unknown> {
  /** Inputs as JSON has them, so that one can be kept as a file. */
  inputs: fc.Arbitrary<Input>;
  /** Lets it take the input in; throws where what it makes of it is a finding. */
  take: (input: Input) => Promise<void> | void;
  /** How many inputs are tried on every change. */
  runs: number;
  /** Closes what it holds open. */
  close?: () => Promise<void>;
}

/** Refuses a message that nobody can read: of any length, or with signs that move the cursor. */
export function expectReadable(message: string): void {
  if (message.length > longest)
    throw new Error(`a message of ${message.length} characters: ${message.slice(0, 200)}`);
  const odd = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}]/u.exec(message);
  if (odd !== null)
    throw new Error(
      `a message with the sign ${JSON.stringify(odd[0])}: ${JSON.stringify(message.slice(0, 300))}`,
    );
  if (/\[object |\n\s+at |undefined is not/.test(message))
    throw new Error(`a message that says nothing: ${message.slice(0, 300)}`);
}

const longest = 6_000;
