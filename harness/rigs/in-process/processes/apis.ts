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
  /** Null: all calls go to all in turn. */
  #share: { release: string; percent: number } | null = null;

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

  /** From now on so many of each caller's calls in a hundred go to processes of this release, the others to others. */
  share(release: string, percent: number): void {
    this.#share = { release, percent };
  }

  /** The one whose turn it is. @param number of the job; null for none */
  next(by: string, number: number | null): ApiLife {
    const { names, turn } = this.#groupOf(this.#turns.turn(by, number));
    return this.lives.get(names[turn % names.length] as string) as ApiLife;
  }

  /** Whose turn it is, and which of theirs: of a hundred turns in a row the share comes evenly. Those that are left take all. */
  #groupOf(turn: number): { names: readonly string[]; turn: number } {
    if (this.#share === null) return { names: this.#names, turn };
    const { release, percent } = this.#share;
    const before = Math.floor((turn * percent) / 100);
    const isShared = Math.floor(((turn + 1) * percent) / 100) > before;
    const isOfRelease = (name: string): boolean => this.lives.get(name)?.release === release;
    const names = this.#names.filter((name) => isOfRelease(name) === isShared);
    return names.length === 0
      ? { names: this.#names, turn }
      : { names, turn: isShared ? before : turn - before };
  }
}
