import { type Login, Session } from "../query-plans/session.ts";
import { type LookedAt, Looker } from "./look.ts";

/** Looks at a server's connections by an account of its own, which logs in when the first look is due. */
export class Lookout implements AsyncDisposable {
  readonly #loginOf: () => Login;
  readonly #ended = new AsyncDisposableStack();
  #opened: Promise<Looker | string> | null = null;
  #trouble: unknown = null;

  constructor(loginOf: () => Login) {
    this.#loginOf = loginOf;
  }

  /** Why nothing can be looked at; null where it can. @throws InfrastructureError where the account cannot log in */
  async lack(): Promise<string | null> {
    this.#opened ??= this.#open();
    const looker = await this.#opened;
    return typeof looker === "string" ? looker : null;
  }

  /** Null where it cannot be looked at; `check` says why. */
  async look(connection: number): Promise<LookedAt | null> {
    try {
      this.#opened ??= this.#open();
      const looker = await this.#opened;
      return typeof looker === "string" ? null : await looker.look(connection);
    } catch (error) {
      this.#trouble ??= error;
      return null;
    }
  }

  /** @throws what went wrong while it looked */
  check(): void {
    if (this.#trouble !== null) throw this.#trouble;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#ended.disposeAsync();
  }

  async #open(): Promise<Looker | string> {
    return await Looker.open(this.#ended.use(await Session.open(this.#loginOf())));
  }
}
