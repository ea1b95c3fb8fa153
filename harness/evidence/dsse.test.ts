import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import { type TrustMaterial, toSignedEntity, Verifier } from "@sigstore/verify";
import { describe, expect, test } from "vitest";
import {
  type Envelope,
  envelopesIn,
  mustBeWhole,
  payloadType,
  privateKey,
  publicKey,
  seal,
  sealedText,
  signerOf,
} from "./dsse.ts";

const { privateKey: key, publicKey: own } = generateKeyPairSync("ed25519");
const { publicKey: other } = generateKeyPairSync("ed25519");

const read = (envelope: Envelope): Envelope[] => envelopesIn(sealedText([envelope])).slice(0, -1);

test("what is sealed is found signed by its key alone", () => {
  const envelope = seal("payload", key);
  expect(read(envelope)).toEqual([envelope]);
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

describe("what other tools verify", () => {
  /** An envelope as a bundle of Sigstore, which is verified with a public key, without a log or a time stamp. */
  const verified = (envelope: Envelope, trusted: KeyObject): Buffer => {
    const bundle = bundleFromJSON({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: {
        publicKey: { hint: envelope.signatures[0]?.keyid },
        tlogEntries: [],
        timestampVerificationData: { rfc3161Timestamps: [] },
      },
      dsseEnvelope: envelope,
    });
    const material: TrustMaterial = {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: () => ({ publicKey: trusted, validFor: () => true }),
    };
    const verifier = new Verifier(material, { tlogThreshold: 0, timestampThreshold: 0, ctlogThreshold: 0 });
    verifier.verify(toSignedEntity(bundle));
    return Buffer.from(envelope.payload, "base64");
  };

  test("Sigstore's verifier takes what we seal, with its key alone", () => {
    const envelope = seal("{}", key);
    expect(verified(envelope, own).toString()).toBe("{}");
    expect(() => verified(envelope, other)).toThrow("signature verification failed");
  });

  test("and refuses it when a byte of payload or signature is another", () => {
    const envelope = seal("{}", key);
    const [signature = { keyid: "", sig: "" }] = envelope.signatures;
    const payload = Buffer.from("[]").toString("base64");
    expect(() => verified({ ...envelope, payload }, own)).toThrow("signature verification failed");
    const bytes = Buffer.from(signature.sig, "base64");
    bytes[5] = (bytes[5] as number) ^ 1;
    const signatures = [{ ...signature, sig: bytes.toString("base64") }];
    expect(() => verified({ ...envelope, signatures }, own)).toThrow("signature verification failed");
  });
});

test("base64 has one form only: bits that nobody reads may not differ", () => {
  const envelope = seal("payload", null);
  expect(() => read({ ...envelope, payload: "YR==" })).toThrow("expected canonical base64");
  expect(read({ ...envelope, payload: "YQ==" })).toMatchObject([{ payload: "YQ==" }]);
});

describe.each([
  ["signed", key],
  ["not signed", null],
])("what is %s is as it was sealed, or is refused", (_, signer) => {
  const text = sealedText([seal('{"attempt":1}', signer), seal("{}", signer)]);
  const bytes = Buffer.from(text);
  const refused = "its last line is not the checksum";

  test("whole", () => {
    expect(() => mustBeWhole(text)).not.toThrow();
    expect(envelopesIn(text)).toHaveLength(3);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7])("with bit %i of any byte changed", (bit) => {
    for (const at of bytes.keys()) {
      const other = Buffer.from(bytes);
      other[at] = (other[at] as number) ^ (1 << bit);
      expect(() => mustBeWhole(other.toString())).toThrow(refused);
    }
  });

  const lines = text.split("\n");
  test.each([
    ["cut by its last byte", text.slice(0, -1)],
    ["with a blank", text.replace("{", "{ ")],
    ["with an empty line", `${text}\n`],
    ["without signatures", text.replace(/\[[^\]]*\]/, '[{"keyid":"","sig":""}]')],
    ["without its last line", lines.slice(0, 2).join("\n")],
    ["without its first line", lines.slice(1).join("\n")],
    ["with its lines in another order", [lines[1], lines[0], ...lines.slice(2)].join("\n")],
    ["empty", ""],
  ])("%s", (__, other) => {
    expect(() => mustBeWhole(other)).toThrow(refused);
  });
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
