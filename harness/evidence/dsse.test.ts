import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { envelopeSchema, payloadType, privateKey, publicKey, seal, signerOf } from "./dsse.ts";

const { privateKey: key, publicKey: own } = generateKeyPairSync("ed25519");
const { publicKey: other } = generateKeyPairSync("ed25519");

test("what is sealed is found signed by its key alone", () => {
  const envelope = seal("payload", key);
  expect(envelopeSchema.parse(envelope)).toEqual(envelope);
  expect(Buffer.from(envelope.payload, "base64").toString()).toBe("payload");
  expect(signerOf(envelope, [other, own])).toMatch(/^[0-9a-f]{64}$/);
  expect(signerOf(envelope, [other])).toBeNull();
  expect(signerOf(envelope, [])).toBeNull();
  expect(signerOf(seal("payload", null), [own])).toBeNull();
});

test("nothing of an envelope can be changed", () => {
  const envelope = seal("payload", key);
  const [signature] = envelope.signatures;
  const payload = Buffer.from("other").toString("base64");
  expect(signerOf({ ...envelope, payload }, [own])).toBeNull();
  expect(
    signerOf({ ...envelope, signatures: [{ keyid: "other", sig: signature?.sig ?? "" }] }, [own]),
  ).toBeNull();
});

test("the bytes that are signed are those of DSSE 1.0", () => {
  // A signature over the specification's encoding, made here by hand.
  const { sig = "" } = seal("hello world", key).signatures[0] ?? {};
  const encoded = `DSSEv1 28 ${payloadType} 11 hello world`;
  const { verify } = process.getBuiltinModule("node:crypto");
  expect(verify(null, Buffer.from(encoded), own, Buffer.from(sig, "base64"))).toBe(true);
});

test("base64 has one form only: bits that nobody reads may not differ", () => {
  const envelope = seal("payload", null);
  expect(envelopeSchema.safeParse({ ...envelope, payload: "YR==" }).success).toBe(false);
  expect(envelopeSchema.safeParse({ ...envelope, payload: "YQ==" }).success).toBe(true);
});

test("keys are Ed25519 in PEM, and what is none is not quoted", () => {
  const pem = key.export({ type: "pkcs8", format: "pem" }).toString();
  expect(signerOf(seal("x", privateKey(pem, "k")), [createPublicKey(key)])).not.toBeNull();
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  for (const wrong of ["hunter2", "", ec.export({ type: "pkcs8", format: "pem" }).toString()])
    for (const read of [privateKey, publicKey])
      expect(() => read(wrong, "the key")).toThrow(/^the key: expected an Ed25519 key in PEM[^]*$/);
  expect(() => privateKey("hunter2", "the key")).not.toThrow(/hunter2/);
});
