import type { ApiProcess } from "../../contracts/in-process.ts";
import type { FuzzCall } from "./calls.ts";
import type { allowsIn } from "./document.ts";

/**
 * A fuzzer by schema, in the way of Schemathesis: calls that are made from the OpenAPI document, with values that earlier replies have
 * told, and replies that are held against that document and nothing else.
 */

/** What a build answered to one call. */
export interface Answered {
  operation: string;
  path: string;
  method: string;
  status: number;
  mediaType: string;
  /** Parsed; undefined where it is no JSON. */
  json: unknown;
}

export interface Fuzzed {
  /** Each kind of trouble once: operation, check, status. */
  findings: ReadonlySet<string>;
  answers: readonly Answered[];
}

export async function fuzz(
  api: ApiProcess,
  calls: readonly FuzzCall[],
  allows: ReturnType<typeof allowsIn>,
): Promise<Fuzzed> {
  const pool = new Pool();
  const findings = new Set<string>();
  const answers: Answered[] = [];
  for (const call of calls) {
    const { request, input, isAllowed } = requestOf(call, pool, allows);
    const response = await api.fetch(request);
    const answer = await read(call, response);
    answers.push(answer);
    for (const problem of problemsOf(call, answer, isAllowed, allows))
      findings.add(`${answer.operation}: ${problem}`);
    if (answer.status !== 200) continue;
    pool.learn(answer.json);
    pool.learn(input);
  }
  return { findings, answers };
}

/** Values by the name under which they were told. */
class Pool {
  readonly #values = new Map<string, unknown[]>([
    ["database", ["sample"]],
    ["table", ["trades"]],
  ]);

  /** The newest first. */
  pick(name: string, nth: number): { value: unknown } | null {
    const values = this.#values.get(name) ?? [];
    return values.length === 0 ? null : { value: values.at(-1 - (nth % values.length)) };
  }

  learn(told: unknown, name = ""): void {
    if (Array.isArray(told)) for (const one of told) this.learn(one, name);
    else if (typeof told === "object" && told !== null)
      for (const [key, value] of Object.entries(told)) this.learn(value, key);
    else if (told !== undefined && told !== null && told !== "") {
      const values = this.#values.get(name) ?? [];
      if (!values.includes(told)) this.#values.set(name, [...values, told].slice(-60));
    }
  }
}

function requestOf(call: FuzzCall, pool: Pool, allows: ReturnType<typeof allowsIn>) {
  const { operation, authorization, wrong } = call;
  const resolve = (values: FuzzCall["parameters"]): [name: string, value: unknown][] =>
    Object.entries(values).map(([name, { made, nth }]) => {
      const known = nth === null ? null : pool.pick(name, nth);
      return [name, known === null ? made : known.value];
    });
  const parameters = Object.fromEntries(resolve(call.parameters));
  const fields = call.body === null ? [] : resolve(call.body);
  const broken = wrong === null || fields.length === 0 ? null : fields[wrong.at % fields.length];
  if (broken != null) broken[1] = wrong?.value;
  const body = Object.fromEntries(fields);
  const isAllowed =
    call.body === null ||
    allows(
      "paths",
      operation.path,
      operation.method.toLowerCase(),
      "requestBody",
      "content",
      "application/json",
      "schema",
    )(body);
  const query = new URLSearchParams();
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segment(parameters[name]));
  for (const { in: where, name } of operation.parameters)
    if (where === "query" && parameters[name] != null) query.set(name, textOf(parameters[name]));
  const url = `http://api.interlock.test${path}${query.size === 0 ? "" : `?${query.toString()}`}`;
  const request = new Request(url, {
    method: operation.method,
    headers: {
      ...(authorization === null ? {} : { authorization }),
      "content-type": call.bytes === null ? "application/json" : "application/octet-stream",
    },
    body: operation.method === "GET" ? null : (call.bytes ?? JSON.stringify(body)),
  });
  return { request, input: { ...parameters, ...body }, isAllowed };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value ?? ""));

/** `.` and `..` would be taken as another path. */
const segment = (value: unknown): string =>
  encodeURIComponent(textOf(value).toWellFormed()).replace(/^\.{0,2}$/, "-");

async function read({ operation: { id, path, method } }: FuzzCall, response: Response): Promise<Answered> {
  const mediaType = response.headers.get("content-type") ?? "";
  const told = { operation: id, path, method, status: response.status, mediaType };
  const text = await response.text();
  if (!mediaType.startsWith("application/json")) return { ...told, json: undefined };
  try {
    return { ...told, json: JSON.parse(text) as unknown };
  } catch {
    return { ...told, json: undefined };
  }
}

/** The checks: what the document does not allow of a reply, or of a request that was taken. */
function problemsOf(
  { operation, authorization }: FuzzCall,
  { status, mediaType, json }: Answered,
  isAllowed: boolean,
  allows: ReturnType<typeof allowsIn>,
): string[] {
  const documented = operation.responses[String(status)];
  if (documented === undefined) return [`status ${status}, which the document does not have`];
  const problems: string[] = [];
  if (status >= 500) problems.push(`a server error, ${status}`);
  if (!isAllowed && status < 300) problems.push("takes what the document forbids");
  if (operation.scheme !== null && authorization === null && status < 400)
    problems.push("answers without a credential");
  const types = Object.keys(documented.content ?? {});
  const type = types.find((one) => one === mediaType || one.split(";")[0] === mediaType.split(";")[0]);
  if (type === undefined) return [...problems, `${status} as ${mediaType}, which the document does not have`];
  if (type !== "application/json") return problems;
  if (json === undefined) return [...problems, `${status}: no JSON`];
  const place = ["paths", operation.path, operation.method.toLowerCase(), "responses", String(status)];
  const isReplyAllowed = allows(...place, "content", type, "schema")(json);
  return isReplyAllowed ? problems : [...problems, `${status}: a body that the document does not allow`];
}
