import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { withoutProxyForOwn } from "./loopback.ts";

const own = "127.0.0.1,localhost,::1,.interlock.test";

test.each<[Record<string, string>, string]>([
  [{}, own],
  [{ NO_PROXY: "a.test" }, `a.test,${own}`],
  [{ no_proxy: "a.test, b.test" }, `a.test,b.test,${own}`],
  [{ NO_PROXY: "a.test", no_proxy: "localhost" }, "a.test,localhost,127.0.0.1,::1,.interlock.test"],
  [{ NO_PROXY: "*" }, `*,${own}`],
])("with %j no proxy is asked for %s", (env, list) => {
  expect(withoutProxyForOwn(env)).toEqual({ NO_PROXY: list, no_proxy: list });
});

async function listening(answer: string) {
  const heard: string[] = [];
  const server = createServer((request, reply) => {
    heard.push(`${request.method} ${request.url}`);
    reply.end(answer);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

test.each<Record<string, string>>([{}, { NODE_USE_ENV_PROXY: "1" }])(
  "fetch, node:http and npm td reach loopback although a proxy is named, with %j",
  async (more) => {
    const proxy = await listening("the proxy");
    const service = await listening('{"databases":[]}');
    const script = `
      const { callLoopbackDirectly } = await import(${JSON.stringify(join(import.meta.dirname, "loopback.ts"))});
      callLoopbackDirectly();
      const { get } = await import("node:http");
      const { TDClient } = (await import("td")).default;
      await fetch(${JSON.stringify(`${service.url}/by-fetch`)});
      await new Promise((resolve) => get(${JSON.stringify(`${service.url}/by-http`)}, (reply) => reply.resume().on("end", resolve)));
      const client = new TDClient("1/key", { host: ${JSON.stringify(new URL(service.url).host)}, protocol: "http" });
      await new Promise((resolve) => client.listDatabases(resolve));
      process.exit();`;
    const env = { HTTP_PROXY: proxy.url, http_proxy: proxy.url, ...more };
    await execa(process.execPath, ["--input-type=module", "--eval", script], {
      env,
      cwd: import.meta.dirname,
    });
    expect({ service: service.heard, proxy: proxy.heard }).toEqual({
      service: ["GET /by-fetch", "GET /by-http", "GET /v3/database/list"],
      proxy: [],
    });
  },
);
