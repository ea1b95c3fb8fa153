import { writeLargePage } from "./large.ts";

/** Makes the page that `script/bench page` opens: `node suites/report/write-large-page.ts FILE`. */
await writeLargePage(process.argv[2] ?? "large.html");
