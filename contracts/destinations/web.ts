import { z } from "zod";
import { type DestinationForm, readUrl } from "./form.ts";

const settings = z.strictObject({
  type: z.literal("web"),
  tls: z.boolean(),
  host: z.string().min(1),
  port: z.int().min(1).max(65535),
  path: z.string().startsWith("/"),
  method: z.enum(["PUT", "POST"]),
  user: z.string().nullable(),
  password: z.string().nullable(),
});
export type WebSettings = z.infer<typeof settings>;

/** `web://` sends at most this many rows; the real service drops the rest in silence, ours must refuse. */
export const webRowLimit = 100_000;

/** A result as one HTTP request: `web://user:password@host/path?method=post`, `webs://` over TLS. */
export const web: DestinationForm<typeof settings> = {
  settings,
  schemes: ["web", "webs"],
  examples: [
    "web://destination.test/",
    "webs://destination.test/a/b?x=%20y&method=post",
    "web://us%40er:p%2Fw@destination.test:8080/?method=PUT&z=1",
    "web://destination.test/?method=get",
  ],
  mostRows: webRowLimit,
  parse,
};

function parse(text: string, scheme: string): WebSettings | string {
  const written = readUrl(text, scheme);
  if (typeof written === "string") return written;
  const { url, user, password, port } = written;
  const tls = scheme === "webs";
  const method = (url.searchParams.get("method") ?? "put").toUpperCase();
  if (method !== "PUT" && method !== "POST") return "web:// parameter method is put or post";
  return {
    type: "web",
    tls,
    host: url.hostname,
    port: port ?? (tls ? 443 : 80),
    path: url.pathname + withoutMethod(url.search),
    method,
    user: user === "" ? null : user,
    password: user === "" ? null : password,
  };
}

/** The query without `method`, the rest to the letter: URLSearchParams would escape it anew. */
function withoutMethod(search: string): string {
  const kept = search
    .slice(1)
    .split("&")
    .filter((part) => !new URLSearchParams(part).has("method"))
    .join("&");
  return kept === "" ? "" : `?${kept}`;
}
