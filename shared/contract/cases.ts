import * as z from 'zod';
import type { CaseSummary } from '../model/custody.ts';
import { command, inCase, nothing, query, shortText } from './operation.ts';
import type { Started } from './tasks.ts';

/** The case as the workflow host sees it. */
export interface CaseState {
  readonly summary: CaseSummary;
  /** `reader` while another process writes, or the folder is read-only: then nothing can be ordered. */
  readonly mode: 'writer' | 'reader';
  /** Why it is a reader: worded problem code; null for a writer. */
  readonly readerBecause: 'case-locked' | 'case-read-only' | 'case-newer' | null;
  readonly runs: readonly string[];
  /** False when something was added since the last analysis. */
  readonly analysed: boolean;
  readonly findings: number;
}

export interface OpenCase extends CaseState {
  readonly case: string;
  /** Who acts now. */
  readonly actor: string;
}

export interface RecentCase {
  readonly case: string;
  /** To be read by people, never sent back. */
  readonly folder: string;
  readonly number: string;
  readonly title: string;
  readonly synthetic: boolean;
  readonly openedAt: string;
  readonly present: boolean;
}

/** Null: the person closed the dialog. */
export type Chosen<Value> = Value | null;

export const cases = {
  'cases.recent': query<readonly RecentCase[]>()(nothing),
  /** Shows the dialog that chooses the folder. */
  'cases.new': command<Chosen<OpenCase>>()(
    z.strictObject({ number: shortText, title: shortText, examiner: shortText }),
  ),
  /** Shows the dialog that chooses the case. */
  'cases.choose': command<Chosen<OpenCase>>()(nothing),
  'cases.open': command<OpenCase>()(z.strictObject(inCase)),
  'cases.close': command<null>()(z.strictObject(inCase)),
  'cases.forget': command<null>()(z.strictObject(inCase)),
  'cases.state': query<OpenCase>()(z.strictObject(inCase)),
  /** Who acts from now on, in this session. */
  'cases.set-actor': command<OpenCase>()(z.strictObject({ ...inCase, actor: shortText })),
  /** Makes a synthetic case in the cases folder through the real adb server. Its task's result names the case. */
  'demonstration.start': command<Started>()(
    z.strictObject({ seed: z.number().int().min(0).max(4_294_967_295).nullable() }),
  ),
} as const;
