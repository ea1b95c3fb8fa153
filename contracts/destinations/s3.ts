import { z } from "zod";
import { type DestinationForm, readUrl } from "./form.ts";

/** How rows stand in an object, packed by gzip: a JSON object a row, or cells as in the tsv of a result, below their names. */
export const s3Formats = ["jsonl.gz", "tsv.gz"] as const;
export type S3Format = (typeof s3Formats)[number];

export const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
/** It stands in a header beside slashes and commas. */
export const accessKeyId = z.string().regex(/^[A-Za-z0-9_.-]{1,128}$/);
export const secretAccessKey = z.string().regex(/^[!-~]{1,256}$/);
export const filePrefix = z.string().max(512);

/** Printable ASCII; no part of it is `.` or `..`, which HTTP clients take out of a path. */
export const isPrefix = (text: string): boolean =>
  filePrefix.safeParse(text).success && /^(?!(?:.*\/)?\.\.?(?:\/|$))[ -~]*$/.test(text);

const settings = z.strictObject({
  type: z.literal("s3"),
  tls: z.boolean(),
  host: z.string().min(1),
  port: z.int().min(1).max(65535),
  /** The id of an access key, and its secret. */
  user: accessKeyId,
  password: secretAccessKey,
  bucket: bucketName,
  prefix: filePrefix,
  format: z.enum(s3Formats),
});
export type S3Settings = z.infer<typeof settings>;

/** Where a bucket is that names no store of its own. */
export const awsHost = "s3.amazonaws.com";

/** A result as an object of a bucket: `s3://key:secret@host/bucket?prefix=daily%2F&format=jsonl.gz`; over TLS, unless `tls=false`. */
export const s3: DestinationForm<typeof settings> = {
  settings,
  schemes: ["s3"],
  examples: [
    `s3://AKIA0123:a%2Fb%2Bc%40d@${awsHost}/daily-rows?prefix=2019%2F09%2F&format=jsonl.gz`,
    "s3://key:secret@destination.test:9000/daily-rows?format=tsv.gz&tls=false",
    "s3://key:secret@destination.test/daily-rows",
    "s3://key@destination.test/daily-rows",
    "s3://key:secret@destination.test/Daily_Rows",
    "s3://key:secret@destination.test/daily-rows?format=csv",
    "s3://key:secret@destination.test/daily-rows?prefix=a%2F..%2Fb",
  ],
  parse,
};

const parameters: readonly string[] = ["prefix", "format", "tls"];

function parse(text: string, scheme: string): S3Settings | string {
  const parts = readUrl(text, scheme);
  if (typeof parts === "string") return parts;
  const { url, user, password, port } = parts;
  const given = url.searchParams;
  if ([...given.keys()].some((name) => !parameters.includes(name)))
    return `s3:// knows the parameters ${parameters.join(", ")}, and no other`;
  const tls = given.get("tls") ?? "true";
  if (tls !== "true" && tls !== "false") return "s3:// parameter tls is true or false";
  const format = s3Formats.find((known) => known === (given.get("format") ?? s3Formats[0]));
  if (format === undefined) return `s3:// parameter format is one of ${s3Formats.join(", ")}`;
  const bucket = url.pathname.slice(1);
  if (!bucketName.safeParse(bucket).success) return "s3:// needs exactly /bucket as its path";
  if (!accessKeyId.safeParse(user).success || !secretAccessKey.safeParse(password).success)
    return "s3:// needs an access key: s3://id:secret@host/bucket";
  const prefix = given.get("prefix") ?? "";
  if (!isPrefix(prefix))
    return "s3:// parameter prefix is at most 512 printable characters of ASCII, with no part . or ..";
  return {
    type: "s3",
    tls: tls === "true",
    host: url.hostname,
    port: port ?? (tls === "true" ? 443 : 80),
    user,
    password,
    bucket,
    prefix,
    format,
  };
}

/** The URL that means these settings. */
export function s3Url({ tls, host, port, user, password, bucket, prefix, format }: S3Settings): string {
  const account = `${user}:${encodeURIComponent(password)}`;
  const given = new URLSearchParams({ prefix, format, tls: String(tls) });
  return `s3://${account}@${host}:${port}/${bucket}?${given.toString()}`;
}

/** The key of a job's object: each job has one, however often it is delivered. */
export const objectKey = ({ prefix, format }: Pick<S3Settings, "prefix" | "format">, jobId: string): string =>
  `${prefix}job_${jobId}.${format}`;

/** The query that lists objects of a bucket as ListObjectsV2 does, as its signature has it. */
export const listingQuery = (prefix: string, after: string | null): string =>
  Object.entries({
    "list-type": "2",
    "encoding-type": "url",
    prefix,
    ...(after === null ? {} : { "start-after": after }),
  })
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${escapedPart(value)}`)
    .join("&");

/** The path of an object at its store, escaped as its signature has it. */
export const objectPath = (bucket: string, key: string): string =>
  `/${bucket}/${key.split("/").map(escapedPart).join("/")}`;

const escapedPart = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
