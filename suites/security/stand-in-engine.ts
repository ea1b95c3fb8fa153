import { createServer } from "node:http";

/** What a Docker engine answers to a sweep, and what it was asked to remove. */
export interface StandInEngine extends AsyncDisposable {
  /** As in DOCKER_HOST. */
  host: string;
  /** `DELETE` of which path, in order. */
  removals: string[];
}

/** An engine on a socket that holds one container with these labels and nothing else; `more` is what else it answers, by path. */
export async function standInEngine(
  socket: string,
  labels: Record<string, string> | null,
  more: Record<string, unknown> = {},
): Promise<StandInEngine> {
  const removals: string[] = [];
  const containers = labels === null ? [] : [{ Id: "abc", Labels: labels, Names: ["/one"] }];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://engine").pathname.replace(/^\/v[\d.]+/, "");
    if (request.method === "DELETE") removals.push(path);
    const known: Record<string, unknown> = { "/containers/json": containers, "/networks": [], ...more };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(known[path] ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    host: `unix://${socket}`,
    removals,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
