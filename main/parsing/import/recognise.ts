import { readHandsetText } from '../text.ts';
import { encodingOf } from '../text.ts';

/** What a text looks like, as the command that prints such. */
export interface Recognised {
  readonly command: string;
  /** `content`: its own words say so. `name`: nothing but the name of the file does. */
  readonly by: 'content' | 'name';
}

/** The beginning and the end of a file: enough to tell what it is. */
export interface TextLook {
  readonly fileName: string;
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

export const headBytes = 64 * 1024;
export const tailBytes = 1024;

/** First lines of dumps, as the files of a Pixel with Android 10 and the parsers' own fixtures have them. */
const headings: readonly { readonly command: string; readonly line: RegExp }[] = [
  { command: 'dumpsys settings', line: /^(?:CONFIG|GLOBAL|SECURE|SYSTEM) SETTINGS \(user \d+\)$/ },
  { command: 'dumpsys appops', line: /^Current AppOps Service state:$/ },
  { command: 'dumpsys dropbox', line: /^Drop box contents: \d+ entries$/ },
  { command: 'dumpsys alarm', line: /^Current Alarm Manager state:$/ },
  { command: 'dumpsys battery', line: /^Current Battery Service state:$/ },
  { command: 'dumpsys webviewupdate', line: /^Current WebView Update Service state$/ },
  { command: 'dumpsys iphonesubinfo', line: /^Phone Subscriber Info:$/ },
  { command: 'dumpsys account', line: /^User UserInfo\{[^}]*\}:$/ },
  { command: 'dumpsys usagestats', line: /^user=\d+ *$/ },
  { command: 'dumpsys jobscheduler', line: /^(?:Registered \d+ jobs:|Started users: \[)/ },
  { command: 'dumpsys package', line: /^(?:Activity Resolver Table:|Packages:|Database versions:)$/ },
  { command: 'dumpsys netstats', line: /^Active interfaces:$/ },
  { command: 'dumpsys user', line: /^Users:$/ },
  { command: 'dumpsys wifi', line: /^Wi-Fi is (?:enabled|disabled|enabling|disabling|in an unknown state)$/ },
  { command: 'dumpsys connectivity', line: /^Network(?:(?:Factories|Providers) for:|StateTracker for \w{1,40}:$)/ },
  { command: 'dumpsys device_policy', line: /^Current Device Policy Manager state:$/ },
  { command: 'dumpsys role', line: /^ROLE MANAGER STATE \(dumpsys role\):$/ },
];

/** Settings that stand in one table only. Source: AOSP android.provider.Settings (System, Secure, Global) since Android 4.2. */
const tables: readonly { readonly namespace: string; readonly names: ReadonlySet<string> }[] = [
  { namespace: 'system', names: new Set(['screen_brightness', 'screen_off_timeout', 'ringtone', 'font_scale']) },
  { namespace: 'secure', names: new Set(['android_id', 'default_input_method', 'enabled_input_methods']) },
  { namespace: 'global', names: new Set(['adb_enabled', 'airplane_mode_on', 'device_provisioned', 'wifi_on']) },
];

/**
 * Says what a text looks like, or null. Nothing follows from it by itself: a person confirms it or says what it is. `dumpsys`
 * alone stands for the dump of all services. Does not throw on any bytes.
 */
export function recogniseText(look: TextLook): Recognised | null {
  if (isZip(look.head)) return recogniseArchive(look);
  const encoding = encodingOf(look.head);
  const { text } = readHandsetText(look.head, headBytes, encoding);
  // The last line may be cut off by the end of the look.
  const lines = text.split('\n').map((line) => line.slice(0, 400).trimEnd());
  const command = byLines(lines) ?? byEnd(readHandsetText(look.tail, tailBytes, encoding).text);
  if (command !== null) return { command, by: 'content' };
  const named = byName(look.fileName);
  return named === null ? null : { command: named, by: 'name' };
}

function recogniseArchive({ head, fileName }: TextLook): Recognised | null {
  const command = byEntries(head);
  if (command !== null) return { command, by: 'content' };
  // androidqf names its archives by the UUID of the acquisition.
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.zip$/i.test(fileName)) return { command: 'androidqf', by: 'name' };
  return /^bugreport-.*\.zip$/i.test(fileName) ? { command: 'bugreport', by: 'name' } : null;
}

/** PKWARE APPNOTE 4.3.7: a local header at the beginning. */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;
}

/** Entries of a bug report that stand at its beginning. Source: AOSP frameworks/native cmds/dumpstate (`version.txt`, `main_entry.txt`). */
function byEntries(head: Uint8Array): string | null {
  const name = new TextDecoder().decode(
    head.subarray(30, 30 + Math.min(200, (head[26] ?? 0) | ((head[27] ?? 0) << 8))),
  );
  // androidqf writes this of each acquisition; its archives are sorted by name.
  if (/^(?:[^/]+\/)?acquisition\.json$/.test(name)) return 'androidqf';
  return /^(?:version\.txt|main_entry\.txt|bugreport-[\w.-]+\.txt)$/.test(name) ? 'bugreport' : null;
}

function byLines(lines: readonly string[]): string | null {
  const filled = lines.filter((line) => line !== '');
  const [first = ''] = filled;
  // Source: AOSP frameworks/native cmds/dumpstate/dumpstate.cpp, `PrintHeader`.
  if (/^=+$/.test(first) && /^== dumpstate: \d{4}-/.test(filled[1] ?? '')) return 'bugreport';
  const early = filled.slice(0, 60);
  if (/^Currently running services:$/.test(first) || early.some((line) => /^DUMP OF SERVICE \S/.test(line)))
    return 'dumpsys';
  // Values of several lines stand between the lines that begin with a name.
  if (early.filter((line) => /^\[[^\]\s]+\]: \[/.test(line)).length * 2 > early.length) return 'getprop';
  if (first.startsWith('IPProto,SrcIP,SrcPort,DstIp,DstPort,UID,App,')) return 'pcapdroid-csv';
  const heading = headings.find((one) => early.some((line) => one.line.test(line)));
  if (heading !== undefined) return heading.command;
  if (early.length > 0 && early.every((line) => /^package:\S/.test(line))) return 'pm list packages';
  const settings = filled.slice(0, 2000).flatMap((line) => /^([\w.:/-]+)=/.exec(line)?.[1] ?? []);
  if (settings.length * 2 <= Math.min(filled.length, 2000)) return null;
  const known = (names: ReadonlySet<string>): number => settings.filter((name) => names.has(name)).length;
  const [best] = tables.toSorted((a, b) => known(b.names) - known(a.names));
  return best !== undefined && known(best.names) > 0 ? `settings list ${best.namespace}` : null;
}

/** Since Android 8 a dump of one service names it in its last lines. */
function byEnd(text: string): string | null {
  const name = /^-{9} [\d.]+s was the duration of dumpsys ([\w.\-/]{1,100}), ending at: /m.exec(text)?.[1];
  return name === undefined ? null : `dumpsys ${name}`;
}

function byName(fileName: string): string | null {
  const stem = fileName.replace(/\.(?:txt|log|out)$/i, '');
  if (/^(?:.*[-_.])?getprop$/i.test(stem)) return 'getprop';
  const settings = /settings[-_. ](?:list[-_. ])?(system|secure|global)$/i.exec(stem)?.[1];
  if (settings !== undefined) return `settings list ${settings.toLowerCase()}`;
  const service = /^dumpsys[-_. ]([A-Za-z][\w.]{0,80})$/.exec(stem)?.[1];
  if (service !== undefined) return `dumpsys ${service}`;
  return /^dumpsys$/i.test(stem) ? 'dumpsys' : null;
}
