/** A question to two servers, and what each says. */

export const servers = ["mysql", "mariadb"] as const;
export type Server = (typeof servers)[number];

/** The same for both, or one for each. */
export type Said = string | Readonly<Record<Server, string>>;

export interface Difference {
  about: string;
  /**
   * Statements in their order, each on a connection of that name. `plain` has no rights of an administrator. With `~` the
   * next ones do not wait for its end. `full` opens connections until one is refused; `restart` restarts the server.
   */
  steps: readonly (readonly [on: string, sql?: Said])[];
  /** What comes of all steps with `~` and of the last one: rows, `ok`, or number, state and text of an error. */
  says: Said;
  /** What follows for the API, its workers or Interlock. */
  follows: string;
}

export const saidOn = (said: Said, server: Server): string =>
  typeof said === "string" ? said : said[server];
