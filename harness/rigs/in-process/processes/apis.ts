import type { ApiProcess } from "../../../../contracts/in-process.ts";
import { apisOf, type Schedule } from "../../../schedule/schedule.ts";
import { Turns } from "../../turns.ts";
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
  /** By name: those that are there, also while they are down. */
  readonly lives = new Map<string, ApiLife>();
  /** Who is given calls: those that it begins with, and later lives until they are withdrawn. */
  #names: readonly string[];
  readonly #turns: Turns;

  constructor(releases: Schedule["releases"], seed: number) {
    this.#names = apisOf(releases).map(([name]) => name);
    this.#turns = new Turns(() => this.#names, seed);
  }

  get names(): readonly string[] {
    return this.#names;
  }

  /** From now on it has its turn as well. */
  join(name: string): void {
    this.#names = [...this.#names, name];
  }

  /** No call goes to it any more. */
  withdraw(name: string): void {
    this.#names = this.#names.filter((one) => one !== name);
  }

  /** The one whose turn it is. @param number of the job; null for none */
  next(by: string, number: number | null): ApiLife {
    return this.lives.get(this.#turns.next(by, number)) as ApiLife;
  }
}
