import * as z from 'zod';
import { longestFilter } from '../filter/parse-filter.ts';
import { collectorIds, command, language, nothing, query, shortText, type Language } from './operation.ts';

/** A filter that the person keeps under a name: of this workstation, no evidence. */
export interface SavedFilter {
  readonly name: string;
  readonly filter: string;
}

export interface Settings {
  readonly language: Language;
  /** The adb program chosen by the person; null: the one on the PATH. */
  readonly adbPath: string | null;
  /** Where the demonstration and new cases go by default. */
  readonly casesFolder: string;
  /** The last saved first; at most 100. */
  readonly filters: readonly SavedFilter[];
  /** One's own selection of collectors, as it was last chosen; empty: none was. */
  readonly collectors: readonly string[];
  readonly about: {
    readonly version: string;
    /** SHA-256 over the program's own files; null while it is being made. */
    readonly programHash: string | null;
    readonly electron: string;
    readonly chromium: string;
    readonly node: string;
    readonly platform: string;
    /** The registry's Electron for development and tests is running us. */
    readonly developmentRuntime: boolean;
  };
}

export const settings = {
  'settings.get': query<Settings>()(nothing),
  'settings.set-language': command<Settings>()(z.strictObject({ language })),
  /** Shows the dialog that chooses the adb program; used from the next start on. */
  'settings.choose-adb': command<Settings>()(nothing),
  'settings.reset-adb': command<Settings>()(nothing),
  /** In place of an earlier one of that name. */
  'settings.save-filter': command<Settings>()(
    z.strictObject({ name: shortText, filter: z.string().trim().min(1).max(longestFilter) }),
  ),
  'settings.remove-filter': command<Settings>()(z.strictObject({ name: shortText })),
  /** One's own selection of collectors, in place of the earlier one. */
  'settings.keep-collectors': command<Settings>()(z.strictObject({ collectors: collectorIds })),
  /** Puts text on the clipboard (the page itself has no clipboard permission). */
  'settings.copy-text': command<null>()(z.strictObject({ text: z.string().min(1).max(10_000) }), 24_000),
} as const;
