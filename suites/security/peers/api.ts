import { connect } from "node:net";
import { type Program, start } from "./checkout.ts";
import { mysqlPeer } from "./mysql.ts";

/** The API of a checkout in front of a database that knows every key and every token, and has no job. */
export interface ApiProcess extends AsyncDisposable {
  program: Program;
  base: string;
  /**
   * Sends bytes over a connection of its own and reads until it ends or until `isEnough`; then it sends `last` and
   * breaks the connection off.
   */
  raw(
    request: Iterable<Buffer | string>,
    isEnough: (answer: string) => boolean,
    last?: string,
  ): Promise<string>;
}

export const customer = { authorization: "TD1 any" };
export const worker = { authorization: "Worker any" };

export async function apiProcess(): Promise<ApiProcess> {
  const stack = new AsyncDisposableStack();
  const database = stack.use(
    await mysqlPeer((sql, reply) => {
      if (/FROM `accounts`/.test(sql))
        reply.rows(["id", "name", "cluster", "api_key_sha256"], [["1", "acme", "cdh4", "0"]]);
      else if (/FROM `worker_tokens`/.test(sql)) reply.rows(["token_sha256", "generation"], [["0", "v5"]]);
      else if (/SELECT/.test(sql)) reply.rows(["id"], []);
      else reply.ok();
    }),
  );
  const program = stack.use(
    await start("fixtures/api/main.ts", {
      HOST: "127.0.0.1",
      PORT: "0",
      DATABASE_URL: `mysql://api:any@127.0.0.1:${database.port}/jobs`,
    }),
  );
  const { port } = JSON.parse(await program.line('"listening"')) as { port: number };
  return {
    program,
    base: `http://127.0.0.1:${port}`,
    raw: (request, isEnough, last = "") =>
      new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1");
        let answer = "";
        socket.on("error", () => {});
        socket.on("close", () => resolve(answer));
        socket.on("data", (chunk) => {
          answer += String(chunk);
          if (isEnough(answer)) socket.write(last, () => socket.resetAndDestroy());
        });
        for (const part of request) socket.write(part);
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
