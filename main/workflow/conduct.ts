import type { Progress } from '../../shared/model/acquisition.ts';

export type Lang = 'en' | 'zh-Hant';

/** Who acts, how it is told, and how it is stopped: handed to every verb. */
export interface Conduct {
  /** Who acts; null: the case's examiner. */
  readonly actor: string | null;
  readonly lang: Lang;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  /** What a person should know beside the result, in their language; it makes the result no less whole. */
  readonly notice?: (text: string) => void;
}

/** UTC now, RFC 3339 with microseconds as the field's other instants (the clock gives milliseconds). */
export function nowAt(): string {
  return new Date().toISOString().replace('Z', '000Z');
}
