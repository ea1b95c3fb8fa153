import type { ContainerRuntimeClient } from "testcontainers";
import { InfrastructureError, reasonOf } from "../../../errors.ts";
import { commandTo, setup } from "../../../installation.ts";
import { type NamedEngine, namedEngine, rightProblem, socketOf } from "./named-engine.ts";
import { within } from "./within.ts";

/** How long a silent Docker engine is waited for. */
const answerMs = 10_000;

export type Docker = ContainerRuntimeClient["container"]["dockerode"];

/** The Docker engine, or an InfrastructureError that says how to get one. */
export async function dockerEngine(): Promise<Docker> {
  const named = await namedEngine(process.env);
  if (named !== null) process.env["DOCKER_HOST"] = named.host;
  // Within a container testcontainers would pull and run an image from a registry to find out what we need not know.
  process.env["TESTCONTAINERS_HOST_OVERRIDE"] ??= "localhost";
  try {
    return await within(answerMs, answering(named), "none answered");
  } catch (error) {
    const where = named === null ? "" : ` at ${named.by}`;
    const socket = socketOf(named);
    const right = socket === null ? null : await rightProblem(socket);
    throw new InfrastructureError(
      {
        component: "Docker engine",
        expected: `an engine that answers${where}`,
        happened: right ?? reasonOf(error),
        next:
          right === null
            ? start
            : "add the user to that group, or name an engine of the user's own by DOCKER_HOST",
      },
      error,
    );
  }
}

async function answering(named: NamedEngine | null): Promise<Docker> {
  const { getContainerRuntimeClient } = await import("testcontainers");
  const docker = (await getContainerRuntimeClient()).container.dockerode;
  // testcontainers goes on to the standard socket when the engine that was named is silent: another machine's answer.
  if (named !== null && !leadsTo(docker, named.host)) throw new Error("that one does not answer");
  await docker.ping();
  return docker;
}

const start = `start it, or ${setup.engine}; \`docker version\` shows whether it answers`;

function leadsTo({ modem }: Docker, dockerHost: string): boolean {
  const url = URL.parse(dockerHost);
  if (url === null) return false;
  const { socketPath, host } = modem as { socketPath?: string; host?: string };
  return url.hostname === "" ? socketPath === url.pathname : host === url.hostname;
}

/** An engine that stops answering in mid-run is a trouble of its own, not one of whichever call met it first. */
export const engineTrouble = (expected: string, error: unknown): InfrastructureError =>
  error instanceof InfrastructureError
    ? error
    : new InfrastructureError(
        {
          component: "Docker engine",
          expected,
          happened: reasonOf(error),
          next: `\`docker version\` shows whether it answers; \`${commandTo("clean")}\` removes what is left`,
        },
        error,
      );

/** How a container ended whose end the engine does not tell. */
export const notSeen = (error: unknown): string =>
  (error as { statusCode?: number }).statusCode === 404
    ? "it was removed"
    : `the Docker engine no longer answers: ${reasonOf(error)}`;
