import type { LiveSight, LiveState } from '../../shared/model/live-sight.ts';
import type { PatternSource } from '../analysis/search/patterns.ts';

/** What the live worker is started with. */
export interface LiveJob {
  readonly identifiers: readonly PatternSource[];
}

export type ToLiveWorker =
  /** The bytes now arrive in the file of this descriptor, which the other side closes; what came before in others is of the same capture. */
  | { readonly type: 'file'; readonly descriptor: number }
  /** No more bytes arrive: look at what is left and end. */
  | { readonly type: 'end' };

export type FromLiveWorker =
  | { readonly type: 'sights'; readonly sights: readonly LiveSight[]; readonly dropped: number }
  | { readonly type: 'state'; readonly state: LiveState }
  | { readonly type: 'ended' };
