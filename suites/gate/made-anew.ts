import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { envelopesIn, seal, sealedText } from "../../harness/evidence/dsse.ts";
import { evidenceFile } from "../../harness/run-files.ts";

/** A run's evidence as somebody makes it anew who has no key: other statements, and a checksum that fits them. */
export async function makeAnew(run: string, change: (payloads: string[]) => string[]): Promise<void> {
  const file = join(run, evidenceFile);
  const payloads = envelopesIn(await readFile(file, "utf8"))
    .slice(0, -1)
    .map(({ payload }) => Buffer.from(payload, "base64").toString());
  await writeFile(file, sealedText(change(payloads).map((payload) => seal(payload, null))));
}
