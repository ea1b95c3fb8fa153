import { expect, test } from "vitest";
import { authorizationOf, sha256Of } from "./s3-signature.ts";

const key = { user: "AKIDEXAMPLE", password: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const request = {
  method: "PUT",
  path: "/daily-rows/a%20b/job_1.jsonl.gz",
  host: "s3.amazonaws.com",
  date: "20190904T060000Z",
  contentSha256: sha256Of("rows"),
};

// Signed by hand with OpenSSL, step by step as AWS describes it.
test("is that of AWS", () => {
  expect(authorizationOf(key, request)).toBe(
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20190904/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=eb3cc24570f8a04a85cd041a75d01e7d7caa700000b2e19223be23056fe11eca",
  );
});

test("is right with a secret that is longer than a block of the hash", () => {
  expect(authorizationOf({ ...key, password: "k".repeat(100) }, request)).toContain(
    "Signature=e83f3bb3f16aa8cd44aae0bc4c18a972776faf6d8aa1c3f5c046f11ca01cba39",
  );
});

test.each([
  { method: "POST" },
  { path: "/daily-rows/a b/job_1.jsonl.gz" },
  { host: "s3.amazonaws.com:443" },
  { date: "20190904T060001Z" },
  { contentSha256: sha256Of("row") },
])("is another one of %j, and of another key", (change) => {
  const signed = authorizationOf(key, request);
  expect(authorizationOf(key, { ...request, ...change })).not.toBe(signed);
  expect(authorizationOf({ ...key, password: `${key.password}x` }, request)).not.toBe(signed);
});
