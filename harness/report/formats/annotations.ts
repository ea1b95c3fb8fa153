import { createHash } from "node:crypto";
import { visible } from "../../errors.ts";
import { casesTold, messageOf } from "../cases-told.ts";
import type { Format } from "../format.ts";
import type { Case, Report } from "../report.ts";

/** GitHub shows this many annotations of a step and drops the others. */
const most = 10;

/** The text, then what is red as commands of GitHub's workflows. Nothing in the text can be taken for such a command. */
export const annotations: Format = {
  to: "output",
  description: "print text, then at most 10 annotations for GitHub",
  render,
};

function render(report: Report): string {
  const text = visible(report.text);
  const red = casesTold(report).filter(({ verdict }) => verdict !== "pass");
  const shown = red.length <= most ? red : red.slice(0, most - 1);
  const token = createHash("sha256").update(text).digest("hex");
  const more = red.length - shown.length;
  return [
    `::stop-commands::${token}`,
    text,
    `::${token}::`,
    ...shown.map(annotation),
    ...(more === 0
      ? []
      : [`::error title=${property(report.title)}::${more} more are not pass and not shown here`]),
    "",
  ].join("\n");
}

function annotation(one: Case): string {
  const { path, verdict, repeat } = one;
  const again = repeat === undefined ? "" : `\nagain: ${repeat}`;
  return `::error title=${property(`${verdict}: ${path}`)}::${data(`${messageOf(one)}${again}`)}`;
}

const data = (text: string): string => visible(text).replaceAll("%", "%25").replaceAll("\n", "%0A");
const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
