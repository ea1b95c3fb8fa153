import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { z } from "zod";
import { parseUnambiguous } from "../../contracts/bounds/repeated-key.ts";
import { UsageError } from "../errors.ts";
import { sha256 } from "../secrets.ts";
import { refuseOtherType } from "./damage.ts";

/** DSSE envelopes (Dead Simple Signing Envelope 1.0): a payload, its type, and signatures over both. */

export const payloadType = "application/vnd.in-toto+json";
export const statementType = "https://in-toto.io/Statement/v1";
/** Of the checksum of a file. */
const wholeType = "urn:interlock:whole:1";

/** In its one canonical form: a text that decodes to the same bytes is another text. */
const base64 = z
  .base64()
  .refine((text) => Buffer.from(text, "base64").toString("base64") === text, "expected canonical base64");

const envelopeSchema = z.strictObject({
  payloadType: z.literal(payloadType),
  payload: base64,
  signatures: z.array(z.strictObject({ keyid: z.string().max(200), sig: base64 })).max(20),
});
export type Envelope = z.output<typeof envelopeSchema>;

/** What is signed: type and payload with their lengths in bytes, so that neither can be read as the other. */
const signed = (payload: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `),
    payload,
  ]);

/** A payload in its envelope; without a key it has no signature. */
export function seal(payload: string, key: KeyObject | null): Envelope {
  const bytes = Buffer.from(payload);
  const signatures =
    key === null
      ? []
      : [{ keyid: keyIdOf(createPublicKey(key)), sig: sign(null, signed(bytes), key).toString("base64") }];
  return { payloadType, payload: bytes.toString("base64"), signatures };
}

/**
 * Envelopes as the text of a file, a line each. The last line says the SHA-256 of those before, in an envelope too, so that
 * whoever reads envelopes reads it: a changed byte is noticed where nobody has signed, or has the keys.
 */
export function sealedText(envelopes: readonly Envelope[]): string {
  const lines = envelopes.map((envelope) => `${JSON.stringify(envelope)}\n`).join("");
  return lines + wholeLine(lines);
}

function wholeLine(lines: string): string {
  const subject = [{ name: "the lines before", digest: { sha256: sha256(lines) } }];
  const statement = { _type: statementType, subject, predicateType: wholeType, predicate: {} };
  return `${JSON.stringify(seal(JSON.stringify(statement), null))}\n`;
}

/** All envelopes of a text, the last line's too. @throws Error for what is none */
export const envelopesIn = (text: string): Envelope[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => envelopeSchema.parse(parseUnambiguous(line)));

/** @throws Error where a byte is another than when it was sealed */
export function mustBeWhole(text: string): void {
  const last = text.lastIndexOf("\n", text.length - 2) + 1;
  if (text.slice(last) !== wholeLine(text.slice(0, last)))
    throw new Error("its last line is not the checksum of those before: a byte was changed, or it was cut");
}

/** An envelope and what it says, whose form is not known yet. */
export interface Opened {
  envelope: Envelope;
  statement: ReturnType<typeof statementIn>;
}

/**
 * What a text holds but for its checksum. @throws what `refuseOtherType` does where another Interlock wrote it, which is
 * told before damage is, and Error where it is not whole
 */
export function openedIn(text: string, type: string): Opened[] {
  const all = envelopesIn(text).map((envelope) => ({ envelope, statement: statementIn(envelope) }));
  for (const { statement } of all) refuseOtherType(statement.predicateType, type);
  mustBeWhole(text);
  return all.slice(0, -1);
}

/** What an envelope says; which form it has is another question. */
export const statementIn = ({ payload }: Envelope): { predicateType?: unknown; predicate?: unknown } =>
  Object(parseUnambiguous(Buffer.from(payload, "base64").toString()));

/** The first of these keys that has signed the envelope, by its id; null where none has. */
export function signerOf({ payload, signatures }: Envelope, keys: readonly KeyObject[]): string | null {
  const bytes = signed(Buffer.from(payload, "base64"));
  const isSigned = (key: KeyObject) =>
    signatures.some(
      ({ keyid, sig }) => keyid === keyIdOf(key) && verify(null, bytes, key, Buffer.from(sig, "base64")),
    );
  const found = keys.find(isSigned);
  return found === undefined ? null : keyIdOf(found);
}

/** SHA-256 of the public key in DER. */
const keyIdOf = (key: KeyObject): string => sha256(key.export({ type: "spki", format: "der" }));

/** @throws UsageError for what is no Ed25519 key in PEM; its text is never quoted */
export const privateKey = (pem: string, place: string): KeyObject =>
  ed25519(place, () => createPrivateKey(pem));

/** @throws UsageError likewise */
export const publicKey = (pem: string, place: string): KeyObject =>
  ed25519(place, () => createPublicKey(pem));

function ed25519(place: string, read: () => KeyObject): KeyObject {
  try {
    const key = read();
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // What OpenSSL says of a text that is no key helps nobody.
  }
  throw new UsageError(
    `${place}: expected an Ed25519 key in PEM, as \`openssl genpkey -algorithm ed25519\` makes`,
  );
}
