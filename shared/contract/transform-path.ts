import * as z from 'zod';
import type { IdentifierKind } from '../model/identifier.ts';
import { inCase, query } from './operation.ts';

/** A finding's way from the identifier to the wire, with the values it had on that way. */
export interface TransformPath {
  readonly kind: IdentifierKind;
  /** The identifier in the form that was written. */
  readonly text: string;
  readonly form: string | null;
  /** `value`: text, or hexadecimal of bytes that are no text; null where it cannot be computed from the identifier alone. */
  readonly steps: readonly { readonly step: string; readonly value: string | null; readonly isBytes: boolean }[];
  readonly compared: 'equal' | 'inside' | 'differs' | 'not-computed';
  /** The bytes of the match, as text or hexadecimal. */
  readonly wire: string;
  /** The bytes stand in a record of the handset, not in traffic. */
  readonly inRecord: boolean;
  /** Layers around the match that were undone to read it, outermost first. */
  readonly decodings: readonly string[];
  /** A vendor's known way of writing that has these steps, with where it is known from. */
  readonly scheme: { readonly name: string; readonly source: string } | null;
}

export const transformPath = {
  /** Null for a finding that rests on no identifier's bytes. */
  'findings.path': query<TransformPath | null>()(
    z.strictObject({ ...inCase, key: z.string().regex(/^[0-9a-zA-Z_-]{8,128}$/) }),
  ),
} as const;
