import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

const partBytes = 2 ** 20;

/** SHA-256 of a file of any length, read part by part into the same memory. */
export async function fileDigest(file: string): Promise<string> {
  await using opened = await open(file);
  const hash = createHash("sha256");
  const part = Buffer.allocUnsafe(partBytes);
  for (;;) {
    const { bytesRead } = await opened.read(part, 0, partBytes);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(part.subarray(0, bytesRead));
  }
}
