/** What a report says to do next, each once: in a line, or in JSON. */
export const nextsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/^ {2}next: (.+)$/gm)].map(([, line]) => line as string)),
];
export const nextsOf = (json: string): string[] => [
  ...new Set((JSON.parse(json).findings as { next: string }[]).map(({ next }) => next)),
];
/** Whether it is a command, and not something to do by hand. */
export const isCommand = (line: string) => line.startsWith("script/");
