import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

/** Writes down the certificate of the authority that has signed MySQL's. @returns the file */
export async function mysqlCa(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "ca.pem");
  const cat = ["run", "--rm", "--entrypoint", "cat", "interlock/mysql", "/var/lib/interlock-mysql/ca.pem"];
  await execa("docker", cat, { stdout: { file } });
  return file;
}
