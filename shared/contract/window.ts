import type * as z from 'zod';
import type { Problem } from '../model/problem.ts';
import { acquisition } from './acquisition.ts';
import { capture } from './capture.ts';
import { cases } from './cases.ts';
import { claims } from './claims.ts';
import { comparison } from './comparison.ts';
import { custody } from './custody.ts';
import { events } from './events.ts';
import { exchange } from './exchange.ts';
import { exhibits } from './exhibits.ts';
import { findings } from './findings.ts';
import { handsets } from './handsets.ts';
import { identifiers } from './identifiers.ts';
import { imports } from './imports.ts';
import type { Operation } from './operation.ts';
import { operator } from './operator.ts';
import { outputs } from './outputs.ts';
import { report } from './report.ts';
import { search } from './search.ts';
import { intake } from './intake.ts';
import { settings } from './settings.ts';
import { snapshot } from './snapshot.ts';
import { tasks, type Task } from './tasks.ts';
import { traffic } from './traffic.ts';
import { transformPath } from './transform-path.ts';
import { wireshark } from './wireshark.ts';

/** Everything the window may ask or order, by channel. */
export const contract = {
  ...cases,
  ...handsets,
  ...intake,
  ...identifiers,
  ...acquisition,
  ...capture,
  ...imports,
  ...outputs,
  ...exhibits,
  ...snapshot,
  ...events,
  ...traffic,
  ...exchange,
  ...wireshark,
  ...operator,
  ...transformPath,
  ...findings,
  ...comparison,
  ...claims,
  ...search,
  ...custody,
  ...report,
  ...settings,
  ...tasks,
} as const;

export type ChannelName = keyof typeof contract;
export type Input<Name extends ChannelName> = z.input<(typeof contract)[Name]['input']>;
export type Checked<Name extends ChannelName> = z.output<(typeof contract)[Name]['input']>;
export type Answer<Name extends ChannelName> =
  (typeof contract)[Name] extends Operation<z.ZodType, infer Value> ? Value : never;

export type Reply<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem };

/** What may have changed: the page asks again. `case`: rows of case.sqlite; `index`: everything recomputed. */
export const topics = ['handsets', 'case', 'index', 'settings'] as const;
export type Topic = (typeof topics)[number];

/** The only things main says by itself. */
export type WindowEvent =
  | { readonly type: 'changed'; readonly topic: Topic; readonly case: string | null }
  | { readonly type: 'task'; readonly task: Task }
  /** A menu entry was chosen. */
  | { readonly type: 'menu'; readonly action: 'about' | 'new-case' | 'open-case' };

/** What the preload puts on `window.handsight`. */
export interface Bridge {
  readonly call: (channel: string, input: unknown) => Promise<unknown>;
  readonly listen: (listener: (event: unknown) => void) => () => void;
}
