import type { RowDataPacket } from "mysql2/promise";
import type { Server } from "./two-servers.ts";

/** What the operator is told of a server. */
export async function stateOf({ name, operator }: Server): Promise<string> {
  try {
    const [[has]] = await operator.query<RowDataPacket[]>("SELECT @@global.read_only AS isReadOnly");
    const [[source]] = await operator.query<RowDataPacket[]>("SHOW REPLICA STATUS");
    const takes = Number(has?.["isReadOnly"]) === 1 ? "only reads" : "takes writes";
    return `${name} ${takes} and follows ${source === undefined ? "nobody" : followed(source)}`;
  } catch (error) {
    return `${name} does not answer (${reasonOf(error)})`;
  }
}

/** Whom it follows, and what it does not do of that. */
function followed(status: RowDataPacket): string {
  const not = [
    ...(status["Replica_IO_Running"] === "Yes" ? [] : [", receives nothing"]),
    ...(status["Replica_SQL_Running"] === "Yes" ? [] : [", applies nothing"]),
  ];
  return `${String(status["Source_Host"])}${not.join("")}`;
}

/** Why a server does not answer; null where it does. */
export async function silenceOf({ operator }: Server): Promise<string | null> {
  try {
    await operator.query("SELECT 1");
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

/** The code of a connection that failed: its message may be empty. */
function reasonOf(error: unknown): string {
  const { code = "", message } = error as { code?: string; message: string };
  return code || message;
}
