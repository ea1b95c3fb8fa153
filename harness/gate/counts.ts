import type { Millis } from "../../contracts/values.ts";
import type { CostProof } from "../evidence/cost.ts";
import { settingsDiffer } from "../oracle/settings.ts";
import { isApi } from "../world/is-api.ts";
import type { Proof } from "./proof.ts";
import { hasComeTo, hasRun, type Question } from "./question.ts";

const hourMs = 3_600_000;
/** Clocks of two machines differ by less. */
export const skewMs = 5 * 60_000;

/** Why a run's evidence does not count for anything green; null where it does. Its violations count all the same. */
export function whyNot(proof: Proof, question: Question): string | null {
  if (proof.unfit !== null) return proof.unfit;
  if (proof.rig !== "containers") return `it ran on the rig ${proof.rig}, not on containers`;
  const { signer, at, inputs, releases, steps, later, settings } = proof;
  if (settings === null) return unseenSettings;
  const unknown = later.find(({ digest }) => digest === null);
  if (unknown !== undefined)
    return `nobody knows which build ${unknown.component} as release ${unknown.release} was`;
  return (
    whyNotNow({ signer, at, harness: inputs.harness }, question) ??
    whyNotSo(inputs.config, question.plan.configOf(releases, steps)) ??
    whyNotAll(proof, question)
  );
}

const unseenSettings = "nobody has seen how its database was set";

/**
 * Whether the API of the candidate ran under a name of which the config says that it is not asked for all: how the list of what
 * is to go out calls the build does not matter.
 */
function whyNotAll({ releases, later, ...run }: Proof, question: Question): string | null {
  const { candidate, deployed, plan } = question;
  const apis = candidate.filter((build) => isApi(build.component));
  if (!apis.some((build) => hasRun(run, build) || hasComeTo({ later }, build))) return null;
  const came = later.filter(({ component }) => isApi(component));
  const lacking = [releases.api, ...came.map(({ release }) => release)].find(
    (release) => lackedOf(release, deployed.policy.operations, plan).length > 0,
  );
  return lacking === undefined
    ? null
    : `it ran as API ${lacking}, which the config says lacks what the policy asks an API for`;
}

const lackedOf = (release: string, operations: readonly string[], { lacksOf }: Question["plan"]): string[] =>
  lacksOf(release).filter((operation) => operations.includes(operation));

/** Whether it ran as the config has it now, whatever else speaks against it. */
export const isAsConfigured = ({ inputs, releases, steps }: Proof, { plan }: Question): boolean =>
  whyNotSo(inputs.config, plan.configOf(releases, steps)) === null;

/** The same of a comparison of costs. */
export const whyNotCost = (proof: CostProof, question: Question): string | null =>
  whyNotNow(proof, question) ??
  whyNotAlike(proof) ??
  whyNotSo(proof.deployed.config, question.plan.costConfigOf(proof.deployed.releases)) ??
  whyNotSo(proof.candidate.config, question.plan.costConfigOf(proof.candidate.releases));

/** Whether both were counted on databases that were set alike: what costs more may be the database's doing. */
function whyNotAlike({ deployed, candidate }: CostProof): string | null {
  if (deployed.settings === null || candidate.settings === null) return unseenSettings;
  const found = settingsDiffer(deployed.settings, candidate.settings);
  return found === null
    ? null
    : `the databases of what is deployed and of the candidate were set otherwise: ${found}`;
}

/** Whether it is signed, of these days, and made by this Interlock. */
function whyNotNow(
  { signer, at, harness }: Pick<CostProof, "signer" | "at" | "harness">,
  { now, deployed: { policy }, harness: own }: Question,
): string | null {
  if (policy.keys.length > 0 && signer === null) return "no key of the policy has signed it";
  if (at > now + skewMs) return "it is from the future";
  if (at < now - policy.evidenceHours * hourMs)
    return `it is older than the ${policy.evidenceHours} hours of the policy`;
  return harness === own ? null : "another version of Interlock has made it";
}

/** Whether it ran as the config has it. */
function whyNotSo(ran: string, config: string | null): string | null {
  if (config === null) return "the config lacks a release that it ran";
  return ran === config ? null : "its components were started or set otherwise than in the config";
}

/**
 * Until when what was decided now holds.
 *
 * @param known when the first known failure ends that it rests on
 */
export function validUntil(
  counted: readonly Pick<Proof, "at">[],
  known: Millis,
  { now, deployed }: Question,
): Millis {
  const { goHours, evidenceHours, deployedHours } = deployed.policy;
  return Math.min(
    now + goHours * hourMs,
    known,
    Date.parse(deployed.at) + deployedHours * hourMs,
    ...counted.map(({ at }) => at + evidenceHours * hourMs),
  );
}

/** What is wrong with the list of what is live, in words. */
export function deployedProblems({ now, deployed, candidate, plan, proofs }: Question): string[] {
  const { builds, claiming, policy } = deployed;
  const at = Date.parse(deployed.at);
  const known = [...plan.others, ...plan.workers.map(({ component }) => component)];
  const all = [...builds, ...candidate];
  return [
    ...(at > now + skewMs ? ["the list of what is live is from the future"] : []),
    ...(at < now - policy.deployedHours * hourMs
      ? [`the list of what is live is older than the ${policy.deployedHours} hours of its policy`]
      : []),
    ...(builds.some(({ component }) => component === "api") ? [] : ["no build of api is listed as live"]),
    ...plan.workers.flatMap(({ component }) =>
      all.some((build) => build.component === component)
        ? []
        : [`no build of ${component} is listed as live`],
    ),
    ...all.flatMap(({ component }) =>
      known.includes(component)
        ? []
        : [`${component} is no component of the config, which has ${known.join(", ")}`],
    ),
    ...claiming.flatMap(({ component, digest }) =>
      builds.some((build) => build.component === component && build.digest === digest)
        ? []
        : [
            `${component} ${digest.slice(0, 12)} was seen to claim jobs and is not listed as live by this digest`,
          ],
    ),
    ...all.flatMap((build) =>
      proofs.some(({ builds: seen, later }) =>
        [...seen, ...later].some(
          (one) =>
            one.image !== null &&
            one.image === build.image &&
            build.digest !== null &&
            one.digest !== null &&
            one.digest !== build.digest,
        ),
      )
        ? [
            `${build.component} ${build.release}: its image was attested with another digest than the listed one`,
          ]
        : [],
    ),
  ];
}

/** What of the policy would be asked of nobody, in words: a name that was misspelt requires nothing. */
export function policyProblems({ deployed: { policy }, candidate, plan }: Question): string[] {
  const cells = [...policy.cells, ...plan.scenarios.keys()];
  const components = plan.workers.map(({ component }) => component);
  const untold = policy.cells.filter((cell) => !Object.hasOwn(policy.scenarios, cell));
  const apis = candidate.filter(({ component }) => component === "api");
  return [
    ...(untold.length === 0
      ? []
      : [
          `the policy does not say which scenario ${untold.length} of its cells have, such as ${untold[0]}: any of that name would do`,
        ]),
    ...(policy.surroundings === undefined || policy.surroundings === plan.surroundings
      ? []
      : [
          "the config says otherwise than that of the policy how the world is compared, who asks, where results go, or what limits hold",
        ]),
    ...apis.flatMap(({ release }) => {
      const lacked = lackedOf(release, policy.operations, plan);
      return lacked.length === 0
        ? []
        : [`the config says that API ${release} lacks what the policy asks an API for: ${lacked.join(", ")}`];
    }),
    ...Object.entries(policy.engines).flatMap(([component, engines]) =>
      components.includes(component)
        ? engines
            .filter((engine) => !cells.some((cell) => cell.startsWith(`${engine}/`)))
            .map((engine) => `the policy asks ${component} for the engine ${engine}, which no cell is of`)
        : [`the policy asks for engines of ${component}, which is no worker of the config`],
    ),
    ...Object.keys(policy.scenarios)
      .filter((cell) => !cells.includes(cell))
      .map((cell) => `the policy says which scenario ${cell} has, which is no cell of it or of the config`),
  ];
}
