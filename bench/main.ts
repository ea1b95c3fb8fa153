import { availableParallelism, cpus } from "node:os";
import { execa } from "execa";
import { measureExploration } from "./exploration.ts";
import { measureShrinking } from "./shrinking.ts";

/** A measured figure beside the line that it should reach. */
export interface Bar {
  bar: string;
  line: string;
  measured: string;
  met: boolean;
}

const proxy = async (): Promise<Bar> => {
  const { stdout } = await execa("node", ["bench/proxy.ts", "10000"], { preferLocal: true });
  const { direct_p50_us: direct, added_us: added } = JSON.parse(stdout) as {
    direct_p50_us: number;
    added_us: number;
  };
  return {
    bar: "fault proxy, p50 added over a direct connection",
    line: "<= 60 us",
    measured: `${added.toFixed(0)} us over ${direct.toFixed(0)} us`,
    met: added <= 60,
  };
};

const bars = [...(await measureExploration()), ...(await measureShrinking()), await proxy()];
const machine = `${availableParallelism()} x ${cpus()[0]?.model ?? "?"}, Node ${process.version}`;
if (process.argv.includes("--json")) console.log(JSON.stringify({ machine, bars }));
else {
  console.log(`${machine}\n\n| bar | line | measured | |\n|---|---|---|---|`);
  for (const { bar, line, measured, met } of bars)
    console.log(`| ${bar} | ${line} | ${measured} | ${met ? "✓" : "✕"} |`);
}
