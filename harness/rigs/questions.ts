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
 * Every question about results is put to each kind of statement that gives rows, each source of rows and each generation,
 * by turns to the jobs that have such results: not all of them to all jobs.
 */
export function questionsTo(jobs: readonly Job[]): Asked[] {
  const readable = jobs.filter(
    ({ scenario }) => scenario.ending === "success" && statementOf(scenario.statement).hasResult,
  );
  const alike = Map.groupBy(readable, ({ engine, scenario: { statement, source } }) =>
    [generationOf(engine), statement.kind, source.name].join(" "),
  );
  return [...alike.values()].flatMap((group) => {
    const questions = questionsAbout(group[0] as Job);
    return group.map((job, turn) => ({
      job,
      questions: questions.filter((_, i) => i % group.length === turn),
    }));
  });
}

/** Parts and headers of a long result tell no more than those of a short one, and take long. */
const questionsAbout = ({ scenario }: Job): readonly ResultQuestion[] =>
  JSON.stringify(scenario.source.rows).length < long
    ? resultQuestions
    : resultQuestions.filter(
        ({ headers, header }) => headers === undefined && header !== "true" && header !== "True",
      );

/** Characters of JSON. */
const long = 150_000;

/** Of schedules in process so many have one that asks everything: it costs as much as the schedule itself. */
const oneIn = 64;

/** Whether a schedule in process asks everything: nothing is broken in it, and its seed says so, as that of replays does. */
export const asksAll = ({ faults, seed }: Schedule): boolean => faults.length === 0 && seed % oneIn === 1;
