/** A way to get a worker wrong: the text that is replaced in worker.py, and the invariant that must see it. */
export interface Variant {
  id: string;
  from: string;
  to: string;
  invariant: string;
  /** The scenarios that show it. */
  scenarios: readonly string[];
}

const variant = (id: string, invariant: string, scenarios: string, from: string, to: string): Variant => ({
  id,
  from,
  to,
  invariant,
  scenarios: scenarios.split(" "),
});

export const variants: readonly Variant[] = [
  variant("rows-dropped", "I4", "web", '"data": rows}', '"data": rows[1:]}'),
  variant(
    "delivered-nothing",
    "I4",
    "web",
    "    retry(120, attempt, job.check)\n    return len(rows), checksum(rows)",
    "    return len(rows), checksum(rows)",
  ),
  variant(
    "wrong-checksum",
    "F",
    "web",
    '    return hashlib.sha256("".join(lines).encode()).hexdigest()',
    "    return hashlib.sha256(\"\".join([*lines, ' ']).encode()).hexdigest()",
  ),
  variant(
    "types-all-strings",
    "F",
    "web",
    "types = [name for name, _ in columns], [kind for _, kind in columns]",
    'types = [name for name, _ in columns], ["string" for _ in columns]',
  ),
  variant("post-for-put", "F", "web empty", "methods[-1]}", '"PUT"}'),
  variant(
    "url-decoded-path",
    "F",
    "types-web",
    'return {**to, "path": f"{path}?{rest}" if rest else path,',
    'return {**to, "path": unquote(f"{path}?{rest}" if rest else path),',
  ),
  variant(
    "password-not-decoded",
    "E",
    "mysql-append",
    '"password": unquote(password)}',
    '"password": password}',
  ),
  variant(
    "doubles-to-six-digits",
    "I4",
    "numbers-web",
    '"double": float,',
    '"double": lambda text: float(f"{float(text):.6g}"),',
  ),
  variant(
    "big-integers-as-doubles",
    "I4",
    "types-web",
    "int(text) if abs(int(text)) < 2**53 else text",
    "int(float(text))",
  ),
  variant(
    "null-is-empty",
    "I4",
    "web",
    "None if cell is None else read(cell)",
    '"" if cell is None else read(cell)',
  ),
  variant("rows-sorted", "I4", "types-web", "for row in cursor]", "for row in sorted(cursor, key=str)]"),
  variant(
    "rows-told-apart-only",
    "I4",
    "web",
    '    columns, rows = job.operate("select", run, timeout=600)',
    '    columns, rows = job.operate("select", run, timeout=600)\n    rows = [row for i, row in enumerate(rows) if row not in rows[:i]]',
  ),
  variant(
    "result-not-kept",
    "I3",
    "no-output",
    '    columns, kept = job.operate("saveResult", keep, ["SET ROLE \'results_writer\'"])\n',
    "    kept = file\n",
  ),
  variant(
    "float32",
    "C",
    "numbers-web",
    'struct.pack(">Bd", 0xCB, value)',
    'struct.pack(">Bf", 0xCA, value)',
  ),
  variant(
    "error-is-success",
    "E",
    "failing-query",
    'end = ending("error", str(error))',
    'end = ending("success", num_records=0)',
  ),
  variant(
    "error-without-words",
    "F",
    "failing-query",
    'end = ending("error", str(error))',
    'end = ending("error", "it failed")',
  ),
  variant(
    "inserted-twice",
    "I3",
    "insert-into",
    "            records = db.run(statement).rowcount\n",
    "            db.run(statement)\n            records = db.run(statement).rowcount\n",
  ),
  variant(
    "stage-left",
    "F",
    "create-table",
    "        job.drop_stages(db)\n        return records",
    "        return records",
  ),
  variant("columns-not-told", "F", "create-table", '"columns": columns}', '"columns": columns[:1]}'),
  variant(
    "append-for-truncate",
    "I4",
    "mysql-truncate",
    '    if mode == "truncate":',
    '    if mode == "never":',
  ),
  variant(
    "update-without-key",
    "I4",
    "mysql-update",
    'keys = to["unique"] if mode == "update" else []',
    "keys = []",
  ),
  variant(
    "killed-is-error",
    "E",
    "killed",
    'ending("killed", "the customer',
    'ending("error", "the customer',
  ),
];
