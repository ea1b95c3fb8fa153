import { gunzipSync } from "node:zlib";
import type { ComponentEvent, WorldEvent } from "../../../history/event.ts";
import type { Schedule } from "../../../schedule/schedule.ts";
import type { ContainersRig } from "../system/open-rig.ts";

/** What the API and the workers have left on their disks, and the secrets in it. */
interface Disks {
  /** Changed paths, by component. */
  changed: Readonly<Record<string, readonly string[]>>;
  disclosures: readonly ComponentEvent[];
  notCompared: readonly string[];
}

/** More are counted alone. */
const mostPaths = 200;

async function lookAtDisks({ apis, workers, redact }: ContainersRig): Promise<Disks> {
  const changed: Record<string, readonly string[]> = {};
  const disclosures: ComponentEvent[] = [];
  const notCompared: string[] = [];
  await Promise.all(
    [...apis, ...workers].map(async ({ name, handle }) => {
      if (handle === null) return notCompared.push(`disk of ${name}: it runs in no container of the run`);
      const { paths, files, env, isWhole } = await handle.changes();
      changed[name] = paths.slice(0, mostPaths);
      if (!isWhole) notCompared.push(`disk of ${name}: it has changed more than is read`);
      for (const { path, bytes } of files)
        if (holdsSecret(bytes, env, redact))
          disclosures.push({ kind: "component", component: name, what: "disclosed", detail: detailOf(path) });
    }),
  );
  return { changed, disclosures, notCompared: notCompared.toSorted() };
}

const detailOf = (path: string): string => `a secret stands in ${path} on its disk`;

/** What to record of the world; disks are looked at where nothing was broken on purpose. */
export async function withDisks(
  rig: ContainersRig,
  { faults }: Schedule,
  world: WorldEvent,
): Promise<readonly (WorldEvent | ComponentEvent)[]> {
  if (faults.length > 0) return [world];
  const { changed, notCompared, disclosures } = await lookAtDisks(rig);
  const compared = [...world.compared, ...Object.keys(changed).map((name) => `disk of ${name}`)];
  const told = { ...world, disks: changed, compared, notCompared: [...world.notCompared, ...notCompared] };
  return [told, ...disclosures];
}

/** A secret that the component was not given itself, to the letter or in another notation, packed or not. */
export function holdsSecret(
  bytes: Buffer,
  env: readonly string[],
  redact: (text: string) => string,
): boolean {
  const given = env.join("\n");
  return hiddenIn(unpacked(bytes).toString("utf8"), redact).some((secret) => !given.includes(secret));
}

const mostUnpacked = 16 * 1024 * 1024;

function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: mostUnpacked });
  } catch {
    return bytes;
  }
}

const mark = "***";

/** The parts of a text in the places of which `redact` puts a mark. */
function hiddenIn(text: string, redact: (text: string) => string): string[] {
  const [first = "", ...rest] = redact(text).split(mark);
  let at = first.length;
  return rest.flatMap((kept, i) => {
    const end = kept === "" && i === rest.length - 1 ? text.length : text.indexOf(kept, at);
    const hidden = text.slice(at, end);
    at = end + kept.length;
    return hidden === mark ? [] : [hidden];
  });
}
