import type { ProcessUse } from "../rigs/containers/docker/process-use.ts";
import { type Figure, figure } from "./figures.ts";

const mib = 2 ** 20;

/** What each component holds after its work, and of which that cannot be seen. */
export function resourceFigures(uses: ReadonlyMap<string, ProcessUse | null>, after: string) {
  const figures = [...uses].flatMap(([name, use]): Figure[] =>
    use === null
      ? []
      : [
          figure(`${name}, after ${after}`, "openFiles", use.openFiles),
          figure(`${name}, after ${after}`, "memory", use.memoryBytes / mib),
        ],
  );
  const unseen = [...uses].filter(([, use]) => use === null);
  const uncounted = Object.fromEntries(
    unseen.map(([name]) => [`open files and memory of ${name}`, "/proc of this machine does not show it"]),
  );
  return { figures, uncounted };
}
