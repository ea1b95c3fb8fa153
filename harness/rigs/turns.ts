/** Shares the calls of many among the processes of one service, on every rig by the same rule. */
export class Turns {
  readonly #names: () => readonly string[];
  readonly #seed: number;
  readonly #next = new Map<string, number>();

  /** @param names of those that there are now */
  constructor(names: () => readonly string[], seed: number) {
    this.#names = names;
    this.#seed = seed;
  }

  /**
   * The name of the one whose turn it is. Each caller's calls about a job go to all in turn, and so do those about none,
   * beginning with one that their names and the seed decide: what others do meanwhile changes nothing.
   *
   * @param by as schedules name it
   * @param job its number in the workload; null for none
   */
  next(by: string, job: number | null): string {
    const names = this.#names();
    return names[this.turn(by, job) % names.length] as string;
  }

  /** The number of the turn, for whoever shares them otherwise. */
  turn(by: string, job: number | null): number {
    const key = `${by} ${job}`;
    const turn = this.#next.get(key) ?? Buffer.from(key).reduce((sum, byte) => sum + byte, this.#seed);
    this.#next.set(key, turn + 1);
    return turn;
  }
}
