import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import type { Config } from "../harness/config/config.ts";
import { ownerLabels, ownerOf } from "../harness/rigs/containers/docker/owner.ts";
import { newRunId } from "../harness/run-id.ts";

/** A container of the config's MySQL that no rig has started; gone at the end of the block. */
export interface MysqlContainer extends AsyncDisposable {
  id: string;
  /** On this machine's loopback; another one after the container has been stopped. */
  port(): Promise<number>;
  untilItGreets(): Promise<void>;
}

/**
 * As `docker run` starts it, which does not wait until the server answers.
 *
 * @param flags of `docker run`
 * @param command arguments of the server
 */
export async function mysqlContainer(
  { mysql }: Config,
  flags: readonly string[] = [],
  command: readonly string[] = [],
): Promise<MysqlContainer> {
  if (!("image" in mysql)) throw new Error("the config's MySQL is no image");
  const labels = Object.entries(ownerLabels(ownerOf(newRunId(new Date())))).flatMap(([name, value]) => [
    "--label",
    `${name}=${value}`,
  ]);
  const run = ["run", "--detach", "--publish=127.0.0.1::3306", ...flags, ...labels, mysql.image, ...command];
  const { stdout: id } = await execa("docker", run);
  const port = async () => Number((await execa("docker", ["port", id, "3306/tcp"])).stdout.split(":").at(-1));
  return {
    id,
    port,
    async untilItGreets() {
      const at = await port();
      while (!(await greets(at))) await delay(10);
    },
    async [Symbol.asyncDispose]() {
      await execa("docker", ["rm", "--force", "--volumes", id]);
    },
  };
}

/** Whether a MySQL server speaks first, as it does once it is ready. */
const greets = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("data", () => {
      resolve(true);
      socket.destroy();
    });
    socket.once("error", () => {});
    socket.once("close", () => resolve(false));
  });
