/** What a page of Markdown holds that a reader can follow or type, with the line where it stands. */

export interface At {
  line: number;
  text: string;
}

export interface Fence {
  language: string;
  /** What stands behind the language: the name of a file. */
  file: string;
  lines: At[];
}

export interface Page {
  fences: Fence[];
  /** Code within the text, without its backticks. One that is broken over two lines is one again. */
  spans: At[];
  /** Targets of links and of images, as written. */
  links: At[];
  /** Names of the places that a link to this page may end with. */
  anchors: ReadonlySet<string>;
}

export function readPage(text: string): Page {
  const { fences, rest } = takeFences(text);
  const spans = all(rest, /`([^`\n]+(?:\n[^`\n]+)?)`/g).map(({ line, text }) => ({
    line,
    text: text.replace(/\s*\n\s*/, " "),
  }));
  const prose = rest.replaceAll(/`[^`\n]*`/g, blank);
  return {
    fences,
    spans,
    links: all(prose, /\]\(([^()\s]+)\)|(?:src|srcset|href)="([^"]+)"/g),
    anchors: anchorsOf(rest),
  };
}

/** Fences by themselves, and the page with empty lines in their place. */
function takeFences(text: string): { fences: Fence[]; rest: string } {
  const fences: Fence[] = [];
  let open: Fence | undefined;
  const rest = text.split("\n").map((line, i) => {
    const mark = /^\s*```(\S*) *(.*)/.exec(line);
    if (open === undefined && mark === null) return line;
    if (open === undefined)
      fences.push((open = { language: mark?.[1] ?? "", file: mark?.[2] ?? "", lines: [] }));
    else if (mark === null) open.lines.push({ line: i + 1, text: line });
    else open = undefined;
    return "";
  });
  return { fences, rest: rest.join("\n") };
}

/** As GitHub names them: lower case, no punctuation, a hyphen for each blank; the second of a name gets `-1`. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { text: heading } of all(text, /^#{1,6} +(.+?) *$/gm)) {
    const name = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    let n = 0;
    while (anchors.has(n === 0 ? name : `${name}-${n}`)) n += 1;
    anchors.add(n === 0 ? name : `${name}-${n}`);
  }
  return anchors;
}

const all = (text: string, pattern: RegExp): At[] =>
  [...text.matchAll(pattern)].map((match) => ({
    line: text.slice(0, match.index).split("\n").length,
    text: match.slice(1).find((group) => group !== undefined) as string,
  }));

const blank = (text: string): string => " ".repeat(text.length);
