/** What a run leaves in its folder to be judged by: its history, what it attests, and what it has cost. */
export const historyFile = "history.jsonl";
/** A DSSE envelope a line. */
export const evidenceFile = "evidence.intoto.jsonl";
export const costFile = "cost.intoto.jsonl";

/** The run as it was reported. */
export const resultFile = "result.json";

/** Folders of a run's own. */
export const runFolders: readonly string[] = ["history.bodies", "logs"];
