import { readXml, type XmlElement } from "./xml.ts";

/** How those who read JUnit files read them: fixtures of six, each with the rule that it goes by. */

export interface Read {
  /** Cases that are not green. */
  red: number;
  /** What each of those is shown to a reader with. */
  messages: string[];
}

const casesIn = (one: XmlElement): XmlElement[] =>
  one.children.flatMap((child) => (child.name === "testcase" ? [child] : casesIn(child)));
const childOf = (one: XmlElement, ...names: string[]): XmlElement | undefined =>
  names.flatMap((name) => one.children.find((child) => child.name === name) ?? [])[0];
const readBy = (
  document: string,
  take: (cases: XmlElement[]) => XmlElement[],
  tell: (red: XmlElement) => string,
): Read => {
  const red = take(casesIn(readXml(document))).flatMap((one) => childOf(one, "failure", "error") ?? []);
  return { red: red.length, messages: red.map(tell) };
};
const messageOf = ({ attributes }: XmlElement): string => attributes["message"] ?? "";
const withNames = (cases: XmlElement[]): XmlElement[] =>
  cases.filter(
    ({ attributes }) => (attributes["classname"] ?? "") !== "" && (attributes["name"] ?? "") !== "",
  );

export const consumers: Readonly<Record<string, (document: string) => Read>> = {
  /** Of cases with one classname and one name it keeps the first; it shows the text of the element. */
  GitLab: (document) =>
    readBy(
      document,
      (cases) => [
        ...new Map(
          cases.toReversed().map((one) => [`${one.attributes["classname"]}\0${one.attributes["name"]}`, one]),
        ).values(),
      ],
      ({ text }) => text,
    ),
  /** A case without a classname or a name is left out. */
  Buildkite: (document) => readBy(document, withNames, messageOf),
  /** It shows the attribute `message`, and no text. */
  CircleCI: (document) => readBy(document, (cases) => cases, messageOf),
  /** It believes the counts of a suite. */
  "EnricoMi/publish-unit-test-result": (document) => {
    const suites = readXml(document).children.filter(({ name }) => name === "testsuite");
    const count = (name: string) => suites.reduce((sum, { attributes }) => sum + Number(attributes[name]), 0);
    const { messages } = readBy(document, (cases) => cases, messageOf);
    return { red: count("failures") + count("errors"), messages };
  },
  /** A failure without a text was taken for a pass (its issue 8). */
  "junit-to-ctrf": (document) =>
    readBy(
      document,
      (cases) => cases.filter((one) => (childOf(one, "failure", "error")?.text ?? "").trim() !== ""),
      messageOf,
    ),
  /** Its cases are told by classname and name; the message is the first line that it shows. */
  Jenkins: (document) => readBy(document, withNames, messageOf),
};
