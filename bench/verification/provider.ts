import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { checkHeader, checksOf } from "./checks.ts";

/**
 * A provider that answers each check as its contract says, and one of them without its body where that is asked for:
 *
 *   node bench/verification/provider.ts CHECKS LATENCY_MS [WRONG]
 */

const [count, latency, wrong] = process.argv.slice(2).map(Number);
const checks = checksOf(count as number);

const server = createServer((request, response) => {
  const number = Number(request.headers[checkHeader]);
  const answer = () => {
    const check = checks[number];
    response.writeHead(check?.status ?? 404, { "content-type": "application/json" });
    response.end(number === wrong ? "{}" : check?.reply);
  };
  request.resume().on("end", () => (latency ? setTimeout(answer, latency) : answer()));
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
