import { execa } from "execa";

/** What Interlock is measured beside has packages of its own, in `bench/peers`; their install scripts are not run. */
export const installPeers = async (): Promise<void> => {
  await execa("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: "bench/peers" });
};
