/**
 * Expected failures are values. `code` is worded in both languages under `problem.<code>`;
 * `params` fill the wording; `detail` is raw technical text for the log and the custody entry.
 */
export interface Problem {
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly detail?: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(
  code: ProblemCode,
  params?: Readonly<Record<string, string | number>>,
  detail?: string,
): { readonly ok: false; readonly problem: Problem } {
  return {
    ok: false,
    problem: {
      code,
      ...(params === undefined ? {} : { params }),
      ...(detail === undefined ? {} : { detail }),
    },
  };
}

/** Upper-case codes come from the handset link (handbook: adb), the others from the case and its files. */
export const problemCodes = [
  // handset link
  'NO_ADB',
  'SERVER_DOWN',
  'PORT_TAKEN',
  'server-in-use',
  'OFFLINE',
  'UNAUTHORIZED',
  'NOT_FOUND',
  'REFUSED',
  'TIMEOUT',
  'ABORTED',
  'TRUNCATED',
  'PROTOCOL',
  'REMOTE',
  'LIMIT',
  'pairing-unsupported',
  'pairing-refused',
  // the case on disk
  'case-not-found',
  'case-exists',
  'case-not-a-case',
  'case-newer',
  'case-locked',
  'case-damaged',
  'case-read-only',
  'path-missing',
  'path-unwritable',
  'path-unreadable',
  'name-too-long',
  'path-is-directory',
  'disk-full',
  'not-a-capture',
  'not-a-key-log',
  'not-a-file',
  'file-encrypted',
  'folder-too-large',
  'output-unsaid',
  'output-unrecognised',
  'capture-damaged',
  'empty-file',
  'source-changed',
  'import-unknown',
  'file-twice',
  // values
  'value-invalid',
  'nothing-to-resume',
  'identifier-invalid',
  'identifier-duplicate',
  'handset-unknown',
  'label-unknown',
  'finding-unknown',
  'exhibit-unknown',
  'exhibits-not-joined',
  'claim-unknown',
  'intake-unknown',
  'intake-superseded',
  'intake-signed',
  'intake-own',
  'instant-invalid',
  'reason-missing',
  'index-missing',
  'head-mismatch',
  'demonstration-failed',
  'demonstration-stopped',
  'demonstration-disk-full',
  'report-unmasked',
  'report-in-case',
  'report-place-taken',
  'report-not-noted',
  'not-in-this-version',
  'no-display',
  'no-electron',
  'program-failed',
  'interrupted',
  'internal',
] as const;
export type ProblemCode = (typeof problemCodes)[number];
