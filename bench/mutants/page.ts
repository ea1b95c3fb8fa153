import { countsOf, type Found, needs, type PeerName } from "./counts.ts";

/** docs/peers.md: which peer finds how many of our wrong builds, and by which commands that was seen. */

const peers: Readonly<Record<PeerName, { name: string; command: string }>> = {
  interlock: {
    name: "Interlock",
    command: "`node bench/mutants/peer.ts interlock`",
  },
  pact: { name: "Pact's verifier (`@pact-foundation/pact`)", command: "`node bench/mutants/peer.ts pact`" },
  diff: { name: "schema diff (`@redocly/cli diff`)", command: "`node bench/mutants/peer.ts fuzz diff`" },
  fuzz: {
    name: "fuzzer by schema (fast-check and ajv, ours)",
    command: "`node bench/mutants/peer.ts fuzz`",
  },
};

const headings: Readonly<Record<(typeof needs)[number], string>> = {
  nothing: "without a fault",
  faults: "with faults",
  "a roll-out": "in a roll-out",
  "an operator": "with an operator's steps",
  control: "controls (legal)",
};

export function mutantsPage(found: Found): string {
  const names = Object.keys(peers) as PeerName[];
  const seenBy = (peer: PeerName) => new Set(found.peers.find((one) => one.peer === peer)?.found);
  const rows = names.map((peer) => {
    const seen = seenBy(peer);
    const told = found.peers.find((one) => one.peer === peer);
    const cells = needs.map((need) => {
      const all = found.builds.filter((one) => one.needs === need);
      return `${all.filter(({ id }) => seen.has(id)).length} of ${all.length}`;
    });
    return [peers[peer].name, String(countsOf(found, peer).mutants), ...cells, `${told?.seconds ?? "?"} s`];
  });
  const only = names.filter((peer) => peer !== "interlock").map((peer) => seenBy(peer));
  const wrong = found.builds.filter((one) => one.needs !== "control");
  const byNone = wrong.filter(({ id }) => only.every((seen) => !seen.has(id))).length;
  return `# The same wrong builds through the peers

Each mutant of the API (${wrong.length}) and each control (${found.builds.length - wrong.length}) is an API of its own in a process of
the bench, in a state of its own. How many each peer finds, measured on ${found.day}:

${table([["peer", "mutants", ...needs.map((need) => headings[need]), "time"], ...rows])}

${byNone} of the ${wrong.length} mutants are found by none of the three peers. A control is a build that looks wrong and is legal: who
finds it is wrong.

${names
  .map((peer) => {
    const told = found.peers.find((one) => one.peer === peer);
    return `- **${peers[peer].name}**: ${peers[peer].command}; ${told?.with ?? "not measured"}.`;
  })
  .join("\n")}

What this compares, and what not:

- The mutants are ours: Interlock is tested with each of them, so that its row says that this still holds, and not how many of a
  stranger's mistakes it finds. Most are wrong in values, times and sequences, which no schema has.
- Interlock replays the schedule that is kept of each kill. It finds them from nothing with \`script/interlock mutants\`, which takes
  longer; a fault, a roll-out or an operator's step is part of the schedule. No peer has these: what
  it finds in those columns shows without them as well.
- Pact is asked over a socket, the fuzzer by requests of HTTP without one. Pact is given what exists as consumer contracts here: those of the workers. A team that writes pacts for its customers too finds more.
- No build publishes a document of its own, so that a diff of documents would find none. The diff is given documents that are inferred
  (\`genson-js\`) from what builds answer to the fuzzer's calls.
- The fuzzer is ours, in the way of Schemathesis, which is in no registry of npm: calls made by fast-check from [openapi.json](openapi.json),
  values of earlier replies among them, and replies held by ajv against that document alone: status, media type, body, server errors,
  input that the document forbids, a missing credential.

Made by \`script/bench --only "mutants through the peers" --write\` from [peers.json](peers.json), which names each build.
`;
}

/** As the formatter has it: each column as wide as its longest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)));
  const [first, ...rest] = rows.map(
    (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`,
  );
  return [first, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rest].join("\n");
}
