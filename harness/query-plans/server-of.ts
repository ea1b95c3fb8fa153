import type { Config } from "../config/config.ts";
import type { Address } from "../destinations/destination.ts";
import type { ContainersRig } from "../rigs/containers/system/open-rig.ts";

/** Where this process finds the MySQL server of a rig that is up. */
export function addressOf({ database }: Pick<ContainersRig, "database">): Address {
  const address = database.address();
  if (address === null) throw new Error("the database has no address");
  return address;
}

/** With a MySQL server that counts, where the config says how to start one. */
export const thatCounts = (config: Config, mysqlCommand: string[] | undefined): Config =>
  mysqlCommand === undefined || "url" in config.mysql
    ? config
    : { ...config, mysql: { ...config.mysql, command: mysqlCommand } };
