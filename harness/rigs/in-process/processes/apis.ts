import type { ApiProcess } from "../../../../contracts/in-process.ts";
import { apisOf, type Schedule } from "../../../schedule/schedule.ts";
import type { Life } from "./process-events.ts";

interface ApiLife extends Life {
  serves: ApiProcess;
  /** Which it is of. */
  release: string;
  /** Ends the code that serves, when other code goes on in its place. */
  retire: () => void;
}

/** The API processes of a world, on one database. */
export class Apis {
  readonly names: readonly string[];
  /** By name: those that are there, also while they are down. */
  readonly lives = new Map<string, ApiLife>();
  readonly #turns = new Map<string, number>();
  readonly #seed: number;

  constructor(releases: Schedule["releases"], seed: number) {
    this.#seed = seed;
    this.names = apisOf(releases).map(([name]) => name);
  }

  /**
   * The one whose turn it is. Each caller's calls about a job go to all in turn, and so do those about none, beginning
   * with one that their names and the seed decide: what others do meanwhile changes nothing.
   *
   * @param number of the job; null for none
   */
  next(by: string, number: number | null): ApiLife {
    const key = `${by} ${number}`;
    const turn = this.#turns.get(key) ?? Buffer.from(key).reduce((sum, byte) => sum + byte, this.#seed);
    this.#turns.set(key, turn + 1);
    return this.lives.get(this.names[turn % this.names.length] as string) as ApiLife;
  }
}
