import { readFileSync } from "node:fs";
import { tdClient, tdNeeds } from "./td-client.ts";

/**
 * The package.json of the package that others install, as JSON on standard output: that of the checkout, with what was
 * built in the place of the sources, and nothing that only serves to build and test Interlock.
 */
const {
  bin,
  exports,
  dependencies: { td: _, msw, ...dependencies },
  ...rest
} = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const ours = ["private", "devEngines", "devDependencies", "scripts"];
const kept = Object.fromEntries(Object.entries(rest).filter(([name]) => !ours.includes(name)));

interface Manifest {
  bin: Record<string, string>;
  exports: Record<string, string>;
  dependencies: { td: string; msw: string };
}

const built = (source: string, extension: string): string => source.replace(/\.ts$/, extension);

const ofAll = <T>(table: Record<string, string>, make: (source: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(table).map(([name, source]) => [name, make(source)]));

process.stdout.write(
  `${JSON.stringify(
    {
      ...kept,
      // npm td asks for 122 packages, most of them for its own tests: the package brings its one file instead.
      dependencies: { ...dependencies, ...tdNeeds() },
      imports: { "#td": tdClient },
      // Only the wire rig needs it, and says so.
      peerDependencies: { msw: `^${msw}` },
      peerDependenciesMeta: { msw: { optional: true } },
      bin: ofAll(bin, (source) => built(source, ".js")),
      exports: {
        ...ofAll(exports, (source) => ({ types: built(source, ".d.ts"), default: built(source, ".js") })),
        "./package.json": "./package.json",
      },
    },
    null,
    2,
  )}\n`,
);
