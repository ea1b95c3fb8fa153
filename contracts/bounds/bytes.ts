/**
 * The bytes of a body, or null where it has more than `most`: no more than that is ever kept. A body that is too long is
 * cancelled, which ends its connection, unless it is to stay `open` for whoever reads on. Rejects as the body does.
 */
export async function bytesWithin(
  body: ReadableStream<Uint8Array> | null,
  most: number,
  { open = false }: { open?: boolean } = {},
): Promise<Uint8Array | null> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body.values({ preventCancel: open })) {
    size += chunk.byteLength;
    if (size > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
