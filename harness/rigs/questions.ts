import { generationOf } from "../../contracts/job.ts";
import { type ResultQuestion, resultQuestions } from "../customers/questions.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { statementOf } from "../schedule/statements.ts";
import type { Job } from "./workload.ts";

/** Who asks what when all is over. */

/** What the customer of a job asks of its result. */
export interface Asked {
  job: Job;
  questions: readonly ResultQuestion[];
}

/**
 * Who asks what of results. In each generation every question is asked, and every format is read for each kind of statement
 * and each source of rows. The jobs that have such results share the questions: asking each of them everything takes long.
 */
export function questionsTo(jobs: readonly Job[]): Asked[] {
  const readable = jobs.filter(
    ({ scenario }) => scenario.ending === "success" && statementOf(scenario.statement).result === "own",
  );
  const byGeneration = Map.groupBy(readable, ({ engine }) => generationOf(engine));
  return [...byGeneration.values()].flatMap((own) => {
    const alike = Map.groupBy(
      own,
      ({ scenario: { statement, source } }) => `${statement.kind} ${source.name}`,
    );
    const short = [...alike.values()].filter(([job]) => !isLong(job as Job));
    return [...alike.values()].flatMap((group) =>
      amongThem(group, [...plain, ...itsShare(short.indexOf(group), short.length)]),
    );
  });
}

const isPlain = ({ format, header, headers }: ResultQuestion): boolean =>
  format !== undefined && format !== "xml" && headers === undefined && header?.toLowerCase() !== "true";

const plain = resultQuestions.filter(isPlain);
/** Parts, headers and the like: of a long result they tell no more than of a short one. */
const special = resultQuestions.filter((question) => !isPlain(question));

/** Each special question is put to one group of results in so many. */
const apart = 3;

/** What is asked of the results in this place besides; nothing where they have none. */
const itsShare = (place: number, places: number): ResultQuestion[] =>
  place < 0 ? [] : special.filter((_, i) => (i - place) % Math.min(apart, places) === 0);

const amongThem = (group: readonly Job[], questions: readonly ResultQuestion[]): Asked[] =>
  group.map((job, turn) => ({ job, questions: questions.filter((_, i) => i % group.length === turn) }));

const isLong = ({ scenario }: Job): boolean => JSON.stringify(scenario.source.rows).length > long;

/** Characters of JSON. */
const long = 150_000;

/** One seed in so many asks everything: that costs as much as the schedule itself. */
const oneIn = 64;

/** Whether a schedule in process asks everything when it is over. Its seed decides, so that a replay asks the same. */
export const asksAll = ({ faults, seed }: Schedule): boolean => faults.length === 0 && seed % oneIn === 1;
