import { type ContainerRuntimeClient, getContainerRuntimeClient } from "testcontainers";
import { InfrastructureError, reasonOf } from "../../errors.ts";

/** How long a silent Docker engine is waited for. */
const answerMs = 10_000;

export type Docker = ContainerRuntimeClient["container"]["dockerode"];

/** The Docker engine, or an InfrastructureError that says how to get one. */
export async function dockerEngine(): Promise<Docker> {
  const trouble = (happened: string, cause?: unknown) =>
    new InfrastructureError(
      {
        component: "Docker engine",
        expected: "an engine that answers",
        happened,
        next: "start it, or let `script/setup` install and start one; `docker version` shows whether it answers",
      },
      cause,
    );
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(trouble(`none answered within ${answerMs / 1000} s`)), answerMs);
  });
  try {
    const client = await Promise.race([getContainerRuntimeClient(), silence]);
    await Promise.race([client.container.dockerode.ping(), silence]);
    return client.container.dockerode;
  } catch (error) {
    throw error instanceof InfrastructureError ? error : trouble(reasonOf(error), error);
  } finally {
    clearTimeout(timer);
  }
}
