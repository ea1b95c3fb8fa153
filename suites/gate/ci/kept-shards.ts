import { engines } from "../../../contracts/job.ts";
import { loadSettings } from "../../../harness/config/load-config.ts";
import { type Cell, planCells } from "../../../harness/matrix/cell.ts";
import { cellName, probeOf, shardsOf } from "../../../harness/matrix/shards.ts";
import type { Probe } from "../../../harness/schedule/schedule.ts";
import { type ToldMatrix, toldMatrix, withExchanges, withRun } from "../../trust/told-matrix.ts";
import { keep } from "../evidence-on-disk.ts";
import type { Left } from "./machine.ts";

export const configFile = "suites/gate/ci/few.config.ts";

/** The two shards of the matrix of that config, run in this process and kept as those of containers are. */
export interface KeptShards {
  first: Left;
  second: Left;
  /** The second, in which customers read a wrong number of records. */
  red: Left;
  /** The second, green at the next attempt. */
  again: Left;
  /** What was kept of both. */
  told: { first: ToldMatrix; second: ToldMatrix };
}

/** The matrix of the few scenarios, those cells of it that are wanted. */
export async function fewTold(
  wanted: (cell: Cell) => boolean = () => true,
  probe: Probe = true,
): Promise<ToldMatrix> {
  const { config } = await loadSettings(configFile);
  const cells = planCells("current", engines, config.scenarios);
  const names = new Set(cells.filter(wanted).map(cellName));
  const told = await toldMatrix((cell) => names.has(cellName(cell)), probe);
  return { ...told, events: withRun(told.events, { matrix: { cells: cells.length, engines } }) };
}

export async function keepShards(within: string): Promise<KeptShards> {
  const { config } = await loadSettings(configFile);
  const cells = planCells("current", engines, config.scenarios);
  const shards = shardsOf(cells, 2);
  const tell = (index: number): Promise<ToldMatrix> => {
    const names = new Set(shards[index - 1]?.map(cellName));
    return fewTold((cell) => names.has(cellName(cell)), probeOf({ index, of: 2 }));
  };
  const leave = async (told: ToldMatrix, index: number, more: Partial<Left> = {}): Promise<Left> => {
    const { attempt = 1, exit = 0 } = more;
    const { folder } = await keep(told, within, { shard: { index, of: 2 }, attempt, config: configFile });
    return { shard: `${index}/2`, attempt, exit, folder };
  };
  const told = { first: await tell(1), second: await tell(2) };
  return {
    first: await leave(told.first, 1),
    second: await leave(told.second, 2),
    red: await leave(lying(told.second), 2, { exit: 1 }),
    again: await leave(told.second, 2, { attempt: 2 }),
    told,
  };
}

const lying = (told: ToldMatrix): ToldMatrix =>
  withExchanges(told, (exchange) =>
    exchange.operation === "job.show" && exchange.outcome === "ok"
      ? { ...exchange, reply: { ...Object(exchange.reply), num_records: 4711 } }
      : exchange,
  );
