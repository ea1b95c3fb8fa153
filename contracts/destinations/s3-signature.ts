import { createHash } from "node:crypto";

/** Signature Version 4 of a request to S3 (docs.aws.amazon.com, "Authenticating Requests"): who signs, and what is signed. */

export interface SignedRequest {
  method: string;
  /** Escaped, without a query. */
  path: string;
  /** Each name and value escaped, in the order of the names; none where it is left out. */
  query?: string;
  /** As it stands in the header. */
  host: string;
  /** `YYYYMMDDThhmmssZ`. */
  date: string;
  /** SHA-256 of the body, in hex. */
  contentSha256: string;
}

export interface AccessKey {
  user: string;
  password: string;
}

/** Where no store says another. */
export const signedRegion = "us-east-1";
const signedHeaders = "host;x-amz-content-sha256;x-amz-date";

/** The `authorization` header of a request whose only other signed headers are its host, its date and its content's hash. */
export function authorizationOf(
  { user, password }: AccessKey,
  { method, path, query = "", host, date, contentSha256 }: SignedRequest,
  region: string = signedRegion,
): string {
  const day = date.slice(0, 8);
  const scope = `${day}/${region}/s3/aws4_request`;
  const headers = `host:${host}\nx-amz-content-sha256:${contentSha256}\nx-amz-date:${date}\n`;
  const canonical = [method, path, query, headers, signedHeaders, contentSha256].join("\n");
  const wording = ["AWS4-HMAC-SHA256", date, scope, sha256Of(canonical)].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${password}`);
  const signature = hmac(key, wording).toString("hex");
  return `AWS4-HMAC-SHA256 Credential=${user}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

const blockBytes = 64;

/** HMAC with SHA-256, by RFC 2104. A secret is longer than a block only where somebody wants to see that. */
function hmac(key: string | Buffer, part: string): Buffer {
  const given = Buffer.from(key);
  const block = Buffer.alloc(blockBytes);
  (given.length > blockBytes ? digestOf(given) : given).copy(block);
  const inner = digestOf(
    block.map((byte) => byte ^ 0x36),
    part,
  );
  return digestOf(
    block.map((byte) => byte ^ 0x5c),
    inner,
  );
}

function digestOf(...parts: (string | Uint8Array)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export const sha256Of = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");
