import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { SettingsStore, StoredSettings } from '../ipc/ports.ts';

z.config({ jitless: true });

const stored = z.object({
  language: z.enum(['en', 'zh-Hant']),
  adbPath: z.string().nullable(),
  recent: z.array(
    z.object({
      directory: z.string(),
      number: z.string(),
      title: z.string(),
      synthetic: z.boolean(),
      openedAt: z.string(),
    }),
  ),
  // Absent in files of earlier versions.
  filters: z.array(z.object({ name: z.string(), filter: z.string() })).default([]),
  collectors: z.array(z.string()).default([]),
});

/** Traditional Chinese for any Chinese system outside the mainland's own language tag, English otherwise. */
export function languageForSystem(locale: string): StoredSettings['language'] {
  return /^zh\b/i.test(locale) ? 'zh-Hant' : 'en';
}

function read(file: string): StoredSettings | null {
  try {
    const parsed = stored.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    // Missing or damaged: the workstation starts with its defaults; nothing of a case is in this file.
    return null;
  }
}

/** Settings in one small file; replaced whole, so that a crash leaves the old or the new one. */
export function openSettingsStore(file: string, systemLocale: string): SettingsStore {
  let current: StoredSettings = read(file) ?? {
    language: languageForSystem(systemLocale),
    adbPath: null,
    recent: [],
    filters: [],
    collectors: [],
  };
  return {
    get: () => current,
    set(change) {
      current = { ...current, ...change };
      mkdirSync(dirname(file), { recursive: true });
      const unfinished = `${file}.${process.pid}.part`;
      writeFileSync(unfinished, `${JSON.stringify(current, null, 2)}\n`, { mode: 0o600 });
      renameSync(unfinished, file);
    },
  };
}
