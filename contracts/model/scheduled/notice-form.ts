import { type Notice, noticeRequest, notice as noticeSchema } from "../../scheduled/notice.ts";
import type { Millis } from "../../values.ts";
import { show, wrong } from "../call.ts";

/** Whether a notice is one, by itself. */

/** A notice as it came. Times as of calls. */
export interface ModelNotice {
  at: Millis;
  key: string | null;
  body: unknown;
  /** What its sender was answered; null where no answer came to it. */
  status: number | null;
  /** How it was asked for; absent in histories that do not tell. */
  request?: NoticeRequest | undefined;
}

export interface NoticeRequest {
  method: string;
  /** Null where the rig has none. */
  path: string | null;
  /** As its header says; null without one. */
  mediaType: string | null;
}

/** One whose form is right. */
export interface Told {
  notice: ModelNotice;
  body: Notice;
}

/** @param path of the URL that its sender was told; absent where that is not known */
export function formProblem({ key, body, request }: ModelNotice, path: string | undefined): string | null {
  const asked = request === undefined ? null : requestProblem(request, path);
  if (asked !== null) return asked;
  const parsed = noticeSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `its form: ${issue?.path.join(".") || "it"}: ${issue?.message}`;
  }
  return key === parsed.data.id
    ? null
    : `its idempotency-key is ${show(key)}, and its id ${show(parsed.data.id)}`;
}

function requestProblem(
  { method, path, mediaType }: NoticeRequest,
  expected: string | undefined,
): string | null {
  if (method !== noticeRequest.method) return wrong("its method", noticeRequest.method, method);
  if (expected !== undefined && path !== null && path !== expected) return wrong("its path", expected, path);
  // A media type may have parameters, and any case.
  const bare = mediaType?.split(";")[0]?.trim().toLowerCase();
  return bare === noticeRequest.mediaType
    ? null
    : wrong("its content-type", noticeRequest.mediaType, mediaType);
}
