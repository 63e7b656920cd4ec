import type { Progress } from '../../shared/model/acquisition.ts';

export type Lang = 'en' | 'zh-Hant';

/** The same in each: what is shown for longer may be read in another language than that in which it was begun. */
export type BothLanguages = Readonly<Record<Lang, string>>;

/** Who acts, how it is told, and how it is stopped: handed to every verb. */
export interface Conduct {
  /** Who acts; null: the case's examiner. */
  readonly actor: string | null;
  readonly lang: Lang;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  /** What a person should know beside the result, in their language; it makes the result no less whole. */
  readonly notice?: (text: string, both?: BothLanguages) => void;
}

/** UTC now, RFC 3339 with microseconds as the field's other instants (the clock gives milliseconds). */
export function nowAt(): string {
  return new Date().toISOString().replace('Z', '000Z');
}
