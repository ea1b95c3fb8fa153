import fc from "fast-check";
import { isPrefix, type S3Settings, s3Formats } from "../../../destinations/s3.ts";
import { anyHostName, anyPort, escaped, login, type WrittenDestination } from "../written.ts";

export const written: WrittenDestination<S3Settings> = {
  settings: fc.record({
    type: fc.constant("s3" as const),
    tls: fc.boolean(),
    host: fc.oneof(anyHostName, fc.constantFrom("127.0.0.1", "[::1]", "[2001:db8::7]")),
    port: anyPort,
    user: fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/),
    password: fc.stringMatching(/^[!-~]{1,40}$/),
    bucket: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,20}[a-z0-9]$/),
    prefix: fc.stringMatching(/^[ -~]{0,30}$/).filter(isPrefix),
    format: fc.constantFrom(...s3Formats),
  }),
  urlOf(settings) {
    const { tls, host, port, bucket, prefix, format } = settings;
    const parameters = `prefix=${escaped(prefix)}&format=${format}${tls ? "" : "&tls=false"}`;
    return `s3://${login(settings)}${host}:${port}/${bucket}?${parameters}`;
  },
};
