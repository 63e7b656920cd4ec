import * as z from 'zod';
import { identifierKinds, type Identifier } from '../model/identifier.ts';
import { command, displayId, inCase, query, shortText } from './operation.ts';

export interface IdentifierCheck {
  /** As it will be stored; null when it is refused. */
  readonly value: string | null;
  /** Codes, worded under `ui.identifier-warning.CODE`; for a refused value the reason. */
  readonly warnings: readonly string[];
}

const kind = z.enum(identifierKinds);
const value = z.string().min(1).max(500);

export const identifiers = {
  /** `names`: the names of accounts in full, which are masked otherwise. */
  'identifiers.list': query<readonly Identifier[]>()(z.strictObject({ ...inCase, names: z.boolean().optional() })),
  /** What would become of a typed value (Luhn, MCC/MNC, E.164 …); stores nothing. */
  'identifiers.check': query<IdentifierCheck>()(z.strictObject({ kind, value })),
  'identifiers.add': command<Identifier>()(
    /** `photo`: the attached photo or document that it was read from. */
    z.strictObject({ ...inCase, handset: displayId, kind, value, source: shortText, photo: displayId.nullable() }),
  ),
} as const;
