import type { Passage } from "../proxy/http-proxy.ts";

interface PassageWish extends Partial<Passage> {
  /** Bodies as JSON, in the place of their bytes. */
  request?: unknown;
  reply?: unknown;
}

/** A POST of JSON that came back with 200, but for what a test changes about it; status null: nothing came back. */
export function passageOf({ request, reply, ...more }: PassageWish): Passage {
  const status = more.status === undefined ? 200 : more.status;
  return {
    method: "POST",
    url: "/",
    contentType: "application/json",
    requestBody: bytesOf(request),
    status,
    served: status === null ? null : { status, body: bytesOf(reply) },
    reached: true,
    problem: null,
    millis: 1,
    ...more,
  };
}

const bytesOf = (json: unknown): Buffer => Buffer.from(json === undefined ? "" : JSON.stringify(json));
