import { Buffer, isUtf8 } from "node:buffer";

/**
 * The bytes of a file as a history holds them: text where they are UTF-8, else base64. Of a file that is too large, or in
 * which a secret stands that cannot be hidden, only the length is kept.
 */
export type FileBody = string | { $base64: string } | { $bytes: number };

/** The longest file that is kept whole. */
export const mostFileBytes = 8 * 1024 * 1024;

export function fileBodyOf(bytes: Uint8Array): FileBody {
  if (bytes.byteLength > mostFileBytes) return { $bytes: bytes.byteLength };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? buffer.toString("utf8") : { $base64: buffer.toString("base64") };
}

const keyed = (body: unknown, key: string): unknown =>
  typeof body === "object" && body !== null ? (body as Record<string, unknown>)[key] : undefined;

/** The bytes of a file on record; null where they were not kept, or where it is no file. */
export function bytesOf(body: unknown): Buffer | null {
  if (typeof body === "string") return Buffer.from(body, "utf8");
  const base64 = keyed(body, "$base64");
  return typeof base64 === "string" ? Buffer.from(base64, "base64") : null;
}

/** How many bytes a file had of which no more is on record; null for any other body. */
export function withheldBytes(body: unknown): number | null {
  const bytes = keyed(body, "$bytes");
  return typeof bytes === "number" ? bytes : null;
}
