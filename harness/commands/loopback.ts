/** Where Interlock and what it starts call each other; a proxy of this machine leads elsewhere, or nowhere. */
const own = ["127.0.0.1", "localhost", "::1", ".interlock.test"];
const names = ["NO_PROXY", "no_proxy"] as const;

/** The environment with Interlock's own addresses among those that no proxy is asked for. */
export function withoutProxyForOwn(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const listed = names.flatMap((name) => env[name]?.split(/[\s,]+/) ?? []).filter((entry) => entry !== "");
  const list = [...new Set([...listed, ...own])].join(",");
  return Object.fromEntries(names.map((name) => [name, list]));
}

/**
 * Keeps calls to loopback off the proxies of this machine, those of programs that it starts included. `fetch` and npm
 * td read the environment at each call; with NODE_USE_ENV_PROXY the agent of node:http has read it before. That module is
 * loaded here: whoever asks for help alone would wait for it. An import would load `fetch` and WebSocket with it.
 */
export function callLoopbackDirectly(): void {
  Object.assign(process.env, withoutProxyForOwn(process.env));
  const http = process.getBuiltinModule("node:http");
  http.globalAgent = new http.Agent({ keepAlive: true, timeout: 5_000 });
}
