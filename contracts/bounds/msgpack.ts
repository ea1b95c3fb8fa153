/** What a head says of what comes behind it: so many bytes, items, or pairs of items. */
type Unit = "bytes" | "items" | "pairs";

interface Head {
  /** Bytes of the length that stands behind the first byte; 0 where there is none. */
  lengthBytes: 0 | 1 | 2 | 4;
  unit: Unit;
  /** Bytes that come on top of those: a number, or the type of an extension. */
  more: number;
}

const head = (lengthBytes: Head["lengthBytes"], unit: Unit = "bytes", more = 0): Head => ({
  lengthBytes,
  unit,
  more,
});
const fixed = (more: number): Head => head(0, "bytes", more);

/** By the first byte, from 0xc0 to 0xdf; undefined: none begins with it. */
const heads: readonly (Head | undefined)[] = [
  // nil, none, false, true
  fixed(0),
  undefined,
  fixed(0),
  fixed(0),
  // bytes
  head(1),
  head(2),
  head(4),
  // extensions
  head(1, "bytes", 1),
  head(2, "bytes", 1),
  head(4, "bytes", 1),
  // floats
  fixed(4),
  fixed(8),
  // integers without and with a sign
  fixed(1),
  fixed(2),
  fixed(4),
  fixed(8),
  fixed(1),
  fixed(2),
  fixed(4),
  fixed(8),
  // extensions of fixed length
  fixed(2),
  fixed(3),
  fixed(5),
  fixed(9),
  fixed(17),
  // texts
  head(1),
  head(2),
  head(4),
  // lists, maps
  head(2, "items"),
  head(4, "items"),
  head(2, "pairs"),
  head(4, "pairs"),
];

/**
 * Whether bytes are whole values of msgpack, one behind the other, with no more than `depth` lists and maps within each
 * other, and `most` values in all. A decoder makes room for what a head says before it knows whether that comes: five bytes
 * may ask for gigabytes. Of each value that is not within another `ended` is told the end.
 */
export function isMsgpackWithin(
  bytes: Uint8Array,
  depth: number,
  most = Infinity,
  ended?: (at: number) => void,
): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** Items that are still to come of each list and map that is open. */
  const open: number[] = [];
  let at = 0;
  for (let values = 1; at < bytes.byteLength; values += 1) {
    if (values > most) return false;
    const first = bytes[at] as number;
    at += 1;
    let items = 0;
    if (first >= 0x80 && first < 0x90) items = (first & 0x0f) * 2;
    else if (first >= 0x90 && first < 0xa0) items = first & 0x0f;
    else if (first >= 0xa0 && first < 0xc0) at += first & 0x1f;
    else if (first >= 0xc0 && first < 0xe0) {
      const of = heads[first - 0xc0];
      if (of === undefined || at + of.lengthBytes > bytes.byteLength) return false;
      const length = lengthAt(view, at, of.lengthBytes);
      at += of.lengthBytes + of.more;
      if (of.unit === "bytes") at += length;
      else items = of.unit === "items" ? length : length * 2;
    }
    // Each item has a byte at least.
    if (items > bytes.byteLength - at) return false;
    if (items > 0) {
      if (open.length === depth) return false;
      open.push(items);
    } else close(open);
    if (open.length === 0) ended?.(at);
  }
  return at === bytes.byteLength && open.length === 0;
}

/** A value has ended: so have the lists and maps whose last item it was. */
function close(open: number[]): void {
  for (let left = open.pop(); left !== undefined; left = open.pop()) {
    if (left === 1) continue;
    open.push(left - 1);
    return;
  }
}

function lengthAt(view: DataView, at: number, bytes: Head["lengthBytes"]): number {
  if (bytes === 0) return 0;
  if (bytes === 1) return view.getUint8(at);
  return bytes === 2 ? view.getUint16(at) : view.getUint32(at);
}
