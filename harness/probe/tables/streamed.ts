import { visibleWithinMs } from "../../../contracts/operations/streaming-import.ts";
import type { OperationId } from "../../../contracts/operations.ts";
import { field } from "../../../contracts/step.ts";
import { type Call, type Input, knownTo, type Party } from "../probe.ts";

/** A table that chunks are sent to, under one of its names. */
export class StreamedTable {
  readonly #party: Party;
  readonly #into: Input;

  constructor(party: Party, table: string, database: string = party.database) {
    this.#party = party;
    this.#into = { database, table };
  }

  input(unique_id: string | null, content: string, more: Input = {}): Call {
    const chunk = { ...this.#into, format: "msgpack.gz", content, ...more };
    return unique_id === null ? ["table.import", chunk] : ["table.import_with_id", { unique_id, ...chunk }];
  }

  async send(unique_id: string | null, content: string, more: Input = {}): Promise<void> {
    await this.#party.asCustomer(...this.input(unique_id, content, more));
    await this.ask("table.show");
  }

  ask(operation: OperationId, input: Input = {}) {
    return this.#party.asCustomer(operation, { ...knownTo(operation, this.#into), ...input });
  }

  /** What has come to the warehouse under its name. */
  rows(): Promise<void> {
    const { database, table } = this.#into;
    return this.#party.count(String(database), String(table));
  }

  /** Looks until it holds so many records, for as long as that may take; where chunks cannot be sent, none will come. */
  async until(count: number): Promise<void> {
    const canCome = !imports.some((operation) => this.#party.lacks(operation));
    const mostMs = canCome ? 2 * visibleWithinMs : lookMs;
    for (let waited = 0; waited < mostMs; waited += lookMs) {
      const reply = await this.ask("table.show");
      if (reply === null || reply.status !== 200 || Number(field(reply.body, "count")) >= count) break;
      await this.#party.sleep(lookMs);
    }
    await this.ask("table.list");
    await this.rows();
  }
}

const lookMs = 1_000;
const imports = ["table.import", "table.import_with_id"] as const;
