import type { Passage } from "../proxy/http-proxy.ts";

interface PassageOptions extends Partial<Passage> {
  /** Bodies as JSON, in the place of their bytes. */
  request?: unknown;
  reply?: unknown;
  /** The content type of the request; "" for none. */
  contentType?: string;
}

/** A POST of JSON that came back with 200, but for what a test changes about it; status null: nothing came back. */
export function passageOf(options: PassageOptions): Passage {
  const { request, reply, contentType = "application/json", ...more } = options;
  const { status = 200, method = "POST", url = "/" } = more;
  return {
    method,
    url,
    head: requestHead(method, url, contentType === "" ? {} : { "Content-Type": contentType }),
    requestBody: bytesOf(request),
    status,
    served: status === null ? null : servedReply(bytesOf(reply), {}, status),
    reached: true,
    problem: null,
    millis: 1,
    ...more,
  };
}

export const requestHead = (method: string, url: string, headers: Record<string, string>): string =>
  [`${method} ${url} HTTP/1.1`, ...linesOf(headers)].join("\r\n");

/** What a service answered: JSON, unless its headers say otherwise. */
export const servedReply = (
  body: Buffer,
  headers: Record<string, string> = {},
  status = 200,
): NonNullable<Passage["served"]> => ({
  status,
  head: [`HTTP/1.1 ${status} OK`, ...linesOf({ "Content-Type": "application/json", ...headers })].join(
    "\r\n",
  ),
  body,
});

const linesOf = (headers: Record<string, string>): string[] =>
  Object.entries(headers).map(([name, value]) => `${name}: ${value}`);

const bytesOf = (json: unknown): Buffer => Buffer.from(json === undefined ? "" : JSON.stringify(json));
