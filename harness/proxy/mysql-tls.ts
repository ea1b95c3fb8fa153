import type { Socket } from "node:net";
import { connect, createSecureContext, type SecureVersion, TLSSocket } from "node:tls";
import type { Stall } from "./stall.ts";

/** What a server proves with who it is, as PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

/** The two sides of a connection that a proxy stands in. */
export interface Sides {
  client: Socket;
  upstream: Socket;
}

/** A client's packet that asks for encryption, and what came behind it. */
interface Opening {
  request: Buffer;
  rest: Buffer;
}

/**
 * Encrypts both sides of a connection whose client asks for it, so that what follows can be read: the client is shown the server's
 * own certificate, and the server is spoken to in the version of TLS that the client got. Nobody else may read the sides from then on.
 *
 * @throws where one side gives up
 */
export async function encrypt(
  { client, upstream }: Sides,
  { request, rest }: Opening,
  certificate: Certificate,
  stall: Stall,
): Promise<Sides> {
  for (const socket of [client, upstream]) {
    socket.removeAllListeners("data").removeAllListeners("close");
    stall.leave(socket);
  }
  client.unshift(rest);
  const secureContext = createSecureContext(certificate);
  const near = new TLSSocket(client, { isServer: true, secureContext });
  await whenSecure(near, "secure");
  upstream.write(request);
  const version = near.getProtocol() as SecureVersion;
  // The server is this run's own: there is nobody else whom it could be.
  const options = { minVersion: version, maxVersion: version, rejectUnauthorized: false };
  const far = connect({ socket: upstream, ...options });
  await whenSecure(far, "secureConnect");
  return { client: near, upstream: far };
}

function whenSecure(socket: TLSSocket, event: "secure" | "secureConnect"): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once(event, resolve);
  socket.once("close", () => reject(new Error("it was closed before it was encrypted")));
  // Kept for as long as it lives: an error that nobody hears ends the process.
  socket.on("error", reject);
  return promise;
}
