/** What a statement of a server's log does to tables, to other things, or to nothing. */
export type Done =
  | { kind: "made" | "dropped" | "emptied" | "altered"; table: string }
  /** Pairs of one statement happen at once. */
  | { kind: "renamed"; pairs: readonly (readonly [from: string, to: string])[] }
  /** Something that is no table: its first words, without what stands in quotes. */
  | { kind: "other"; words: string };

/** Begin and end transactions, or change nothing that anybody could read. */
const idle = /^(BEGIN|START|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|XA|ANALYZE|OPTIMIZE|REPAIR|CHECK|FLUSH|USE)$/;

/** @param database in which names without one are */
export function readStatement(sql: string, database: string): Done[] {
  const words = wordsOf(sql);
  const [first = "", second = ""] = words.map(({ upper }) => upper);
  if (first === "" || idle.test(first)) return [];
  const at = new Names(words, database);
  const isOfTable = second === "TABLE" || second === "TABLES";
  switch (first) {
    case "CREATE":
    case "DROP":
      // Nobody but its own session sees a temporary one.
      if (second === "TEMPORARY") return [];
      if (isOfTable) return at.behind(2).tables(first === "CREATE" ? "made" : "dropped");
      return words.slice(1, 3).some(({ upper }) => upper === "INDEX")
        ? at.behindWord("ON").tables("altered")
        : other(words);
    case "TRUNCATE":
      return at.behind(isOfTable ? 2 : 1).tables("emptied");
    case "RENAME":
      return isOfTable ? [{ kind: "renamed", pairs: at.behind(2).pairs() }] : other(words);
    case "ALTER":
      return isOfTable ? at.behind(2).altered() : other(words);
    default:
      return other(words);
  }
}

interface Word {
  text: string;
  upper: string;
  /** Whether it stood in backticks: it is a name, whatever it looks like. */
  isName: boolean;
}

const token =
  /\/\*!\d*|\*\/|\/\*[^]*?\*\/|--[ \t][^\n]*|#[^\n]*|`(?:[^`]|``)*`|"(?:[^"\\]|\\[^]|"")*"|'(?:[^'\\]|\\[^]|'')*'|[\w$\u0080-\uffff]+|[^\s]/g;

/** Without comments; what stands in an executable comment counts. */
function wordsOf(sql: string): Word[] {
  return (sql.match(token) ?? []).flatMap((text): Word[] => {
    if (/^(\/\*|\*\/|--[ \t]|#)/.test(text)) return [];
    if (!/^[`"]/.test(text)) return [{ text, upper: text.toUpperCase(), isName: false }];
    const quote = text[0] as string;
    return [{ text: text.slice(1, -1).replaceAll(quote + quote, quote), upper: "", isName: true }];
  });
}

const mostWords = 5;

const other = (words: readonly Word[]): Done[] => [
  {
    kind: "other",
    words: words
      .slice(0, mostWords)
      .map(({ text }) => (text.startsWith("'") ? "'…'" : text))
      .join(" "),
  },
];

/** Reads names of tables from a place in a statement on. */
class Names {
  readonly #words: readonly Word[];
  readonly #database: string;
  #at = 0;

  constructor(words: readonly Word[], database: string) {
    this.#words = words;
    this.#database = database;
  }

  behind(count: number): this {
    this.#at = count;
    if (this.#upper() === "IF") {
      while (this.#upper() !== "EXISTS" && this.#at < this.#words.length) this.#at += 1;
      this.#at += 1;
    }
    return this;
  }

  behindWord(word: string): this {
    return this.behind(this.#words.findIndex(({ upper }) => upper === word) + 1);
  }

  /** A list of them; of all but DROP TABLE the first alone is meant. */
  tables(kind: "made" | "dropped" | "emptied" | "altered"): Done[] {
    const found: Done[] = [{ kind, table: this.#name() }];
    while (kind === "dropped" && this.#skip(",")) found.push({ kind, table: this.#name() });
    return found;
  }

  pairs(): [string, string][] {
    const found: [string, string][] = [];
    do {
      const from = this.#name();
      this.#skip("TO");
      found.push([from, this.#name()]);
    } while (this.#skip(","));
    return found;
  }

  altered(): Done[] {
    const table = this.#name();
    const to = this.#words.findIndex(
      ({ upper }, i) => upper === "RENAME" && !/^(COLUMN|INDEX|KEY)$/.test(this.#words[i + 1]?.upper ?? ""),
    );
    if (to < 0) return [{ kind: "altered", table }];
    this.#at = to + 1;
    if (!this.#skip("TO")) this.#skip("AS");
    return [{ kind: "renamed", pairs: [[table, this.#name()]] }];
  }

  #upper(): string {
    return this.#words[this.#at]?.upper ?? "";
  }

  #skip(word: string): boolean {
    const isThere = this.#upper() === word;
    if (isThere) this.#at += 1;
    return isThere;
  }

  #name(): string {
    const first = this.#words[this.#at]?.text ?? "";
    this.#at += 1;
    if (!this.#skip(".")) return `${this.#database}.${first}`;
    this.#at += 1;
    return `${first}.${this.#words[this.#at - 1]?.text ?? ""}`;
  }
}
