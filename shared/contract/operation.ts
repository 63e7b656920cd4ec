import * as z from 'zod';
import { adbAddressPattern } from '../model/adb-address.ts';

// No code generation at run time: the window's content security policy forbids it.
z.config({ jitless: true });

/**
 * One thing the window may ask (`query`: changes nothing) or order (`command`).
 * The input is checked by schema in main, because the page that sends it may be compromised; the answer is only typed, because main is trusted by the page.
 */
export interface Operation<Input extends z.ZodType, Answer> {
  readonly kind: 'query' | 'command';
  readonly input: Input;
  /** Longest accepted input, counted as UTF-16 units of its JSON. */
  readonly maxInputLength: number;
  /** Carries the answer's type; never present at run time. */
  readonly answer?: Answer;
}

const defaultMaxInputLength = 8192;

/** `query<Answer>()(inputSchema)`: the answer's type is given, the input's is inferred. */
export function query<Answer>() {
  return <Input extends z.ZodType>(input: Input, maxInputLength = defaultMaxInputLength): Operation<Input, Answer> => ({
    kind: 'query',
    input,
    maxInputLength,
  });
}

/** `command<Answer>()(inputSchema)`, as `query`. */
export function command<Answer>() {
  return <Input extends z.ZodType>(input: Input, maxInputLength = defaultMaxInputLength): Operation<Input, Answer> => ({
    kind: 'command',
    input,
    maxInputLength,
  });
}

/** One page of a list that is read by key. `next` is opaque; null at the end. `total` counts all that match. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly total: number;
}

/** What main gives in place of a folder or file: the page never sees or sends a path it could choose. */
export const token = z.string().regex(/^[0-9a-f]{32}$/);
export const nothing = z.strictObject({});
export const shortText = z.string().trim().min(1).max(200);
export const longText = z.string().trim().min(1).max(4000);
export const optionalShortText = z.string().trim().min(1).max(200).nullable();
export const displayId = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/);
export const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/);
export const serial = z.string().min(1).max(256);
export const collectorIds = z.array(z.string().regex(/^[a-z][a-z0-9-]{0,40}$/)).max(100);
/** A host name or address with a port, as `devices connect` takes it. */
export const adbAddress = z.string().trim().regex(adbAddressPattern);
export const cursor = z.string().min(1).max(512).nullable();
export const pageLimit = z.number().int().min(1).max(500);
export const inCase = { case: token };
export const paged = { after: cursor, limit: pageLimit };
export const language = z.enum(['en', 'zh-Hant']);
export type Language = z.infer<typeof language>;
