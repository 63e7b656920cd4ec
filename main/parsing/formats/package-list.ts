import type { FormatInput, ParseSink } from '../parse-result.ts';

/** Read-only partitions: an app that lies there came with the system. */
const systemPaths = /^\/(?:system|system_ext|vendor|product|odm|oem|apex|cust|preload|my_\w+|hw_product)\//;
const line = /^package:(.+?)((?:\s+(?:versionCode|installer|uid)[:=]\S+)*)\s*$/;

/** Paths have at most 4,096 bytes; a longer line is none of ours, and would take the pattern quadratic time. */
const maxLine = 5000;

/** Whether a path says that an app came with the system; null under /data, where updated system apps lie too. */
export function systemFromPath(path: string | null): boolean | null {
  return path !== null && systemPaths.test(path) ? true : null;
}

function stateFromFlags(command: string): 'enabled' | 'disabled' | 'unknown' {
  if (/\s-d\b/.test(command)) return 'disabled';
  return /\s-e\b/.test(command) ? 'enabled' : 'unknown';
}

function systemFromFlags(command: string): boolean | null {
  if (/\s-3\b/.test(command)) return false;
  return /\s-s\b/.test(command) ? true : null;
}

/** `pm list packages [-f -U -i --show-versioncode -d -e -s -3]`, every release: `package:[path=]name [versionCode:N] [installer=X] [uid:N]`. */
export function parsePackageList({ text, command }: FormatInput, sink: ParseSink): void {
  const state = stateFromFlags(command);
  const system = systemFromFlags(command);
  text.split('\n').forEach((raw, i) => {
    if (raw.trim() === '') return;
    if (raw.length > maxLine) return sink.skip(i + 1, raw, 'line-too-long');
    const match = line.exec(raw);
    if (match === null) return sink.skip(i + 1, raw, 'not-a-package');
    const head = match[1] ?? '';
    const tail = match[2] ?? '';
    // From 11 on paths hold `==`: the name stands behind the last equals sign.
    const at = head.lastIndexOf('=');
    const path = at > 0 ? head.slice(0, at) : null;
    const name = at > 0 ? head.slice(at + 1) : head;
    if (name === '' || /\s/.test(name) || name.length > 255) return sink.skip(i + 1, raw, 'not-a-package');
    const installer = /installer=(\S+)/.exec(tail)?.[1] ?? null;
    const uid = /uid:(\d{1,9})/.exec(tail)?.[1];
    sink.add({
      kind: 'package',
      name,
      state,
      system: system ?? systemFromPath(path),
      versionName: null,
      versionCode: /versionCode:(\d{1,20})/.exec(tail)?.[1] ?? null,
      installer: installer === 'null' ? null : installer,
      path,
      uid: uid === undefined ? null : Number(uid),
      firstInstallTime: null,
      lastUpdateTime: null,
      stopped: null,
    });
  });
}
