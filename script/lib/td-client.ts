import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** Where the package has the client that npm `td` ships, below its root. */
export const tdClient = "./harness/customers/td-client/index.cjs";

const folder = realpathSync("node_modules/td");

/** What npm `td` requires, by the name under which it does; what its manifest lists besides is for its own tests. */
const required = ["merge", "request"].map((alias) => {
  const manifest = readFileSync(join(folder, "..", alias, "package.json"), "utf8");
  const { name, version } = JSON.parse(manifest) as { name: string; version: string };
  return { alias, name, version };
});

/** The packages that the client runs on in this checkout, with their exact versions. */
export const tdNeeds = (): Record<string, string> =>
  Object.fromEntries(required.map(({ name, version }) => [name, version]));

/** The client as it is, but for the names of the packages that it requires: pnpm-workspace.yaml puts another in one's place. */
export function tdClientText(): string {
  const text = required.reduce(
    (all, { alias, name }) => all.replace(`require("${alias}")`, `require("${name}")`),
    readFileSync(join(folder, "dist/index.js"), "utf8"),
  );
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return `// npm td ${version}, see LICENSE beside this file; changed here: the names of the packages that it requires.\n${text}`;
}

export const tdLicence = (): string => readFileSync(join(folder, "LICENSE"), "utf8");
