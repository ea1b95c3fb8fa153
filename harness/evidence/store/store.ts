import { basename, join, resolve } from "node:path";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { type ComponentTrouble, InfrastructureError, reasonOf } from "../../errors.ts";
import { makeFolder } from "../../make-folder.ts";
import type { StoreAddress } from "./address.ts";
import { cutRun, joinRun, listOf, listText, onceBrought, packed } from "./files.ts";
import { migrations, storeVersion, versionTable } from "./tables.ts";

/**
 * Evidence of several machines in one MySQL. A run is written piece by piece and is there when its row is: nobody sees a
 * half of it. Nothing is ever changed or removed, so that whoever writes needs no right to.
 */
export class Store implements AsyncDisposable {
  readonly #connection: Connection;
  readonly #at: string;

  private constructor(connection: Connection, at: string) {
    this.#connection = connection;
    this.#at = at;
  }

  /** @throws InfrastructureError where nobody answers, or the account may not log in */
  static async open({ tls, ...account }: StoreAddress): Promise<Store> {
    const at = `the store ${account.database} at ${account.host}:${account.port}`;
    try {
      // Most who read evidence read it from folders: the driver is loaded by those who open a store.
      const { createConnection } = await import("mysql2/promise");
      const connection = await createConnection({
        ...account,
        ...(tls ? { ssl: { rejectUnauthorized: true } } : {}),
        connectTimeout: 5_000,
        charset: "utf8mb4",
      });
      // One that is lost while nobody asks: the next question fails, and says so.
      connection.on("error", () => {});
      return new Store(connection, at);
    } catch (error) {
      throw new InfrastructureError(
        {
          component: at,
          expected: `the account ${account.user} to log in`,
          happened: reasonOf(error),
          next: "see whether it runs there, whether the database is there, and whether the account may log in from here",
        },
        error,
      );
    }
  }

  /** Makes the tables that this Interlock needs. @returns the version that the store had */
  async migrate(): Promise<number> {
    await this.#ask(versionTable);
    const had = await this.#version();
    for (const [i, statements] of migrations.entries()) {
      if (i < had) continue;
      for (const statement of statements) await this.#ask(statement);
      await this.#unlessThere("INSERT INTO versions (version) VALUES (?)", [i + 1]);
    }
    return had;
  }

  /** @throws InfrastructureError where its tables are of another version */
  async mustFit(): Promise<void> {
    const version = await this.#version().catch((error: unknown) => {
      if (codeOf(error) === "ER_NO_SUCH_TABLE") return 0;
      throw error;
    });
    if (version === storeVersion) return;
    throw this.#trouble({
      expected: `tables of version ${storeVersion}, which this Interlock reads`,
      happened: version === 0 ? "it has none" : `they are of version ${version}`,
      next:
        version < storeVersion
          ? "have whoever owns the database make them: interlock store URL --migrate"
          : "use the Interlock that has made them, or a newer one",
    });
  }

  /** Keeps the run of a folder. @returns whether it was not there yet */
  async put(folder: string): Promise<boolean> {
    const files = await cutRun(folder, async (name, piece) => {
      const there = await this.#ask("SELECT 1 FROM pieces WHERE sha256 = UNHEX(?)", [name]);
      if (there.length > 0) return;
      const values = [name, await packed(piece)];
      await this.#unlessThere("INSERT INTO pieces (sha256, body) VALUES (UNHEX(?), ?)", values);
    });
    return await this.#unlessThere(
      "INSERT INTO runs (digest, run, files) VALUES (UNHEX(SHA2(?, 256)), ?, ?)",
      [listText(files), basename(resolve(folder)), listText(files)],
    );
  }

  /**
   * Brings all runs to this machine, those that are not here as they were put.
   *
   * @returns a folder for each
   */
  async fetch(cache: string, note: (line: string) => void): Promise<string[]> {
    const all = await this.#ask("SELECT HEX(digest) AS id FROM runs ORDER BY digest");
    makeFolder(cache, 0o700);
    const folders: string[] = [];
    for (const [i, row] of all.entries()) {
      const id = String(row["id"]).toLowerCase();
      const folder = join(cache, id);
      folders.push(folder);
      await onceBrought(folder, id, async () => {
        note(`fetching a run from ${this.#at}, ${i + 1} of ${all.length}`);
        await this.#fetchOne(id, folder);
      });
    }
    return folders;
  }

  async #fetchOne(id: string, folder: string): Promise<void> {
    const [row] = await this.#ask(
      "SELECT IF(LENGTH(files) <= ?, files, NULL) AS files FROM runs WHERE digest = UNHEX(?)",
      [mostListBytes, id],
    );
    try {
      if (row?.["files"] == null) throw new Error(`its list of files is longer than ${mostListBytes} bytes`);
      await joinRun(folder, listOf(String(row["files"]), id), async (sha256) => {
        const [piece] = await this.#ask("SELECT body FROM pieces WHERE sha256 = UNHEX(?)", [sha256]);
        if (piece === undefined) throw new Error(`a piece is missing: ${sha256}`);
        return piece["body"] as Buffer;
      });
    } catch (error) {
      throw this.#trouble({
        expected: `the run ${id} as it was put there`,
        happened: reasonOf(error),
        next: "somebody has changed the store: see who may, and put the run there again from where it was made",
      });
    }
  }

  async #version(): Promise<number> {
    const [row] = await this.#ask("SELECT COALESCE(MAX(version), 0) AS version FROM versions");
    return Number(row?.["version"]);
  }

  /** Inserts a row; false where it is there already. */
  async #unlessThere(sql: string, values: readonly unknown[]): Promise<boolean> {
    try {
      await this.#ask(sql, values);
      return true;
    } catch (error) {
      if (codeOf(error) === "ER_DUP_ENTRY") return false;
      throw error;
    }
  }

  async #ask(sql: string, values: readonly unknown[] = []): Promise<RowDataPacket[]> {
    try {
      const [rows] = await this.#connection.query<RowDataPacket[]>({
        sql,
        values: [...values],
        timeout: queryMs,
      });
      return rows;
    } catch (error) {
      if (expectedCodes.includes(codeOf(error))) throw error;
      throw this.#trouble({
        expected: `an answer to ${sql.split(/\s+/).slice(0, 3).join(" ")}`,
        happened: reasonOf(error),
        next: "see docs/gate.md for the rights that the account needs, and whether the server is well",
      });
    }
  }

  #trouble(trouble: Omit<ComponentTrouble, "component">): InfrastructureError {
    return new InfrastructureError({ component: this.#at, ...trouble });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.end().catch(() => this.#connection.destroy());
  }
}

/** A list of as many files as a run may have. */
const mostListBytes = 32 * 2 ** 20;
/** A piece of 4 MiB over a slow line. */
const queryMs = 60_000;
/** Whoever asks knows what they mean. */
const expectedCodes = ["ER_DUP_ENTRY", "ER_NO_SUCH_TABLE"];

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code);
