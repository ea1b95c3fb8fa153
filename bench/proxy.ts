import { fork } from "node:child_process";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { startHttpProxy } from "../harness/proxy/http-proxy.ts";
import { untouched } from "../harness/proxy/way.ts";
import { median, quantile } from "../harness/quantile.ts";

/**
 * What the fault proxy adds to an exchange: a small JSON exchange over a kept connection, direct and through the proxy
 * by turns, caller, proxy and service each in a process of its own, as in the containers rig. Prints JSON, times in
 * microseconds.
 */
const rounds = Number(process.argv[2] ?? 20_000);
const warmUp = Math.ceil(rounds / 10);
const [role, target] = (process.env["BENCH_PROXY_ROLE"] ?? "caller").split(" ");

if (role === "service") {
  const server = createServer((incoming, outgoing) => {
    incoming.resume().once("end", () => {
      outgoing.setHeader("content-type", "application/json");
      outgoing.end('{"lease_ms":30000,"kill_requested":false}');
    });
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
} else if (role === "proxy") {
  const proxy = await startHttpProxy({
    host: "127.0.0.1",
    upstream: () => ({ host: "127.0.0.1", port: Number(target) }),
    plan: () => ({ before: () => untouched, after: () => untouched }),
    onPassage: () => {},
  });
  process.send?.(proxy.port);
} else {
  const servicePort = await start("service");
  const proxyPort = await start(`proxy ${servicePort}`);
  const direct: number[] = [];
  const proxied: number[] = [];
  const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })] as const;
  for (let round = 0; round < rounds + warmUp; round += 1) {
    const times = [await exchange(servicePort, agents[0]), await exchange(proxyPort, agents[1])] as const;
    if (round < warmUp) continue;
    direct.push(times[0]);
    proxied.push(times[1]);
  }
  const [d50, d99] = quantiles(direct);
  const [p50, p99] = quantiles(proxied);
  const result = {
    rounds,
    direct_p50_us: d50,
    proxied_p50_us: p50,
    added_us: round1(p50 - d50),
    direct_p99_us: d99,
    proxied_p99_us: p99,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exit();
}

/** A process of this file in another role. @returns its port */
function start(as: string): Promise<number> {
  const child = fork(import.meta.filename, { env: { ...process.env, BENCH_PROXY_ROLE: as } });
  process.once("exit", () => child.kill());
  return new Promise((resolve, reject) => {
    child.once("message", (port) => resolve(port as number));
    child.once("exit", (code) => reject(new Error(`${as} ended with ${code}`)));
  });
}

function exchange(port: number, agent: Agent): Promise<number> {
  const body = '{"attempt":1}';
  const headers = {
    "content-type": "application/json",
    "content-length": body.length,
    authorization: "Worker token",
  };
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const path = "/worker/v1/jobs/1/heartbeat";
    const sent = request({ host: "127.0.0.1", port, agent, method: "POST", path, headers }, (reply) => {
      reply.resume().once("end", () => resolve(Number(process.hrtime.bigint() - began) / 1000));
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

function quantiles(times: number[]): [number, number] {
  return [round1(median(times)), round1(quantile(times, 0.99))];
}

function round1(us: number): number {
  return Math.round(us * 10) / 10;
}
