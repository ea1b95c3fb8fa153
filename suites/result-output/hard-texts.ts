/** Texts that a careless reader or writer changes, by rule: each kind of change is met at the begin, in the middle and at the end. */

/** What trimming, splitting, quoting and clean-up take away or add to. */
const marks: readonly string[] = [
  " ",
  "\t",
  "\n",
  "\r",
  "\r\n",
  "\u0000",
  "\u000b",
  "\u001f",
  "\u007f",
  "\u0085",
  "\u00a0",
  "\u00ad",
  "\u200b",
  "\u200d",
  "\u2028",
  "\u3000",
  "\ufeff",
  "\ufffd",
  "\ufe0f",
  "\u0301",
  '"',
  "'",
  "`",
  "\\",
  "/",
  ",",
  ";",
  ":",
  "|",
  "%",
  "#",
  "-",
  "+",
  "=",
  "@",
  "$",
  "0",
  ".",
  "<",
  ">",
  "&",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
];

/** Words that some reader takes for nothing, a truth value, a number or a time. */
const words: readonly string[] = [
  "null",
  "nil",
  "none",
  "nan",
  "inf",
  "infinity",
  "-infinity",
  "true",
  "false",
  "yes",
  "no",
  "undefined",
  "n/a",
  "\\n",
  "nothing",
  "void",
  "default",
  "epoch",
  "now",
].flatMap((word) => [word, word.toUpperCase(), `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`]);

const likeNumbers: readonly string[] = [
  "0",
  "-0",
  "00",
  "007",
  "+1",
  "1.",
  ".5",
  "1.0",
  "1.10",
  "-1",
  "1e5",
  "1E5",
  "1e309",
  "0x1F",
  "0b1",
  "0o7",
  "1_000",
  "1,000",
  "1 000",
  "1n",
  "١٢٣",
  "１２",
  "9007199254740993",
  "18446744073709551616",
  "99%",
  "$1",
  "1:2",
  "2015-08-24",
  "2015-08-24 14:44:00",
  "2015-08-24T14:44:00Z",
  "0000-00-00",
  "24:00:00",
  "20150824",
  "1440427440",
];

/** Every way of writing a character in other words, none of which is meant here. */
const escaped: readonly string[] = [
  "&amp; &lt; &#39; &#x27; &nbsp;",
  "%41 %20 %C3%A9 %zz +",
  "\\u0041 \\x41 \\101 \\n \\t \\0 \\\\ \\' \\\" \\N \\/ \\e",
  "'' \"\" `` \\% \\_",
  "=?utf-8?q?=41?= =41 =0A",
  "xn--strae-oqa U+0041 {U+41} ^A ^@",
  "SGVsbG8= 48656c6c6f 0x48 X'48'",
  "${x} {{x}} #{x} $(x) `x` %(x)s %s %d %n {0} $1 :x ?",
  "{customer",
  '{"a":[1,null]} [] {} "quoted" <a b="c"/> <!-- x --> <![CDATA[x]]>',
  "=1+1 @SUM(A1) -1+1",
  "<script>alert(1)</script> ' OR '1'='1 -- ; DROP TABLE x; /* */",
  "../../etc/passwd C:\\new\\table ~ $HOME *",
  "[object Object]",
  "Ã© â‚¬ Ã¼",
];

/** Every Unicode block is touched, plus what case and collation get wrong; composed and decomposed stay different. */
const foreign: readonly string[] = [
  "Straße STRASSE ﬁ fi \u00c5 A\u030a \u212b e\u0301 \u00e9",
  "İ ı i I ǅ ǆ ß ẞ Σ σ ς K \u212a µ μ",
  "日本語 中文 한국어 ไทย ｶﾞ ガ ㍻",
  "עברית \u202eمرحبا\u202c",
  "emoji 👩‍👩‍👧‍👦 🏳️‍🌈 𝒳 𐍈",
];

/** At the limits of what fields and buffers hold, in characters and in bytes; the last characters tell a cut one. */
const long = [255, 256, 1_000, 4_096, 16_383, 65_535, 65_536].flatMap((length) => [
  `${"x".repeat(length - 1)}Z`,
  `${"é".repeat(length - 1)}Z`,
]);

export const hardTexts: readonly string[] = [
  "",
  ...marks.flatMap((mark) => [mark, `${mark}x`, `x${mark}`, `x${mark}${mark}y`]),
  ...words,
  ...likeNumbers,
  ...escaped,
  ...foreign,
  ...long,
  "both\r\nkinds\nof\rline\n\nends\n",
  "twice",
  "twice",
];

/** One text per 64 code points of the whole range, surrogates left out, so that no block is untouched. */
export const everyBlock: readonly string[] = Array.from({ length: 0x110000 / 64 }, (_, i) => i * 64 + 63)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => `U+${code.toString(16)} ${String.fromCodePoint(code)}`);
