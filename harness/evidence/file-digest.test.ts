import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sha256 } from "../secrets.ts";
import { fileDigest } from "./file-digest.ts";

test.each([0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 3 * 2 ** 20 + 7])(
  "of a file of %d bytes",
  async (bytes) => {
    const folder = await mkdtemp(join(tmpdir(), "interlock-digest-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const content = Buffer.from(Array.from({ length: bytes }, (_, i) => i % 251));
    await writeFile(join(folder, "file"), content);
    expect(await fileDigest(join(folder, "file"))).toBe(sha256(content));
  },
);
