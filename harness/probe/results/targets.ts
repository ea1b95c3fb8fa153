import type { OperationId } from "../../../contracts/operations.ts";
import type { Call, Input, Party } from "../probe.ts";

/** Named result targets: made, listed, deleted and made again, by everybody, with passwords that nobody is shown. */

const at = "prober:probers-secret@probe.invalid";
const urls = [
  `mysql://${at}/mart`,
  "web://probe.invalid/rows?a=b@c",
  "web://prober:p@ss:word-of-it@probe.invalid/rows",
  "td://1/0123456789abcdef@/mart/rows",
  // No escape is undone, and no case changed.
  "web://Prober:p%41ss@probe.invalid/Rows%20of%5f?A=%42",
];
/** Of no kind that anybody delivers to, or no URL at all. */
const elsewhere = [
  "",
  "mart",
  "mart:rows",
  `postgresql://${at}/mart`,
  `sftp://${at}/t`,
  `MYSQL://${at}/mart`,
  7,
  null,
];
const misnamed = ["No Name", "Mart", "mart-rows", "ma", "m".repeat(256), "mart.rows", "größe"];

export async function resultTargets(party: Party): Promise<void> {
  const { generation, impostors, stranger } = party;
  const nameOf = (i: number): string => `probe_${generation}_target_${i}`;
  const of = (i: number): Input => ({ name: nameOf(i), url: urls[i] });
  const ask = (operation: OperationId, input: Input = {}) => party.asCustomer(operation, input);
  const look = () => party.askEach([party.customer, stranger], [["result.list", {}]]);
  await look();
  await ask("result.delete", { name: nameOf(0) });
  for (const i of urls.keys()) {
    await ask("result.create", of(i));
    await look();
  }
  await ask("result.create", of(0));
  await ask("result.create", { ...of(0), url: urls[1] });
  await party.askByOthers([["result.delete", { name: nameOf(1) }]]);
  await party.askEach(impostors, [
    ["result.create", of(2)],
    ["result.list", {}],
  ]);
  await look();
  await party.askByCustomer([
    ...elsewhere.map((url): Call => ["result.create", { name: "probe_nowhere", url }]),
    ...misnamed.map((name): Call => ["result.create", { name, url: urls[1] }]),
    ["result.create", { ...of(0), name: "probe_nowhere", organization: "" }],
    ["result.list", { name: nameOf(0) }],
  ]);
  await look();
  // Two customers may each have one of the same name.
  const same = "probe_target_of_both";
  await ask("result.create", { name: same, url: urls[1] });
  await ask("result.delete", { name: `${same}_too` });
  await party.ask(stranger, "result.create", { name: `${same}_too`, url: urls[0] });
  await look();
  await party.ask(stranger, "result.delete", { name: `${same}_too` });
  await ask("result.delete", { name: same, url: urls[1] });
  await look();
  for (const i of [1, 1, 0]) await ask("result.delete", { name: nameOf(i) });
  await look();
  await ask("result.create", { ...of(0), url: urls[3] });
  await look();
  for (const i of [0, 2, 3, 4]) await ask("result.delete", { name: nameOf(i) });
  await look();
}
