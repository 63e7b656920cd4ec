import type { Outcome } from '../../shared/model/acquisition.ts';
import { readParcel } from './parcel.ts';
import { readHandsetText } from './text.ts';

/** What is known of one command's end. A structural part of the link's RunResult, so that it can be judged again from exhibits. */
export interface CommandRun {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Null with the old protocol, which has no exit status. */
  readonly exitCode: number | null;
  /** Problem code when the command did not come to its own end (TIMEOUT, OFFLINE, TRUNCATED …); null otherwise. */
  readonly problem: string | null;
}

export interface Judgement {
  readonly outcome: Outcome;
  /** Why, as a code (worded under `outcome.<reason>`); null for a plain `read`. */
  readonly reason: string | null;
  /** The handset's own words that decided it, at most 200 characters; null where none did. */
  readonly said: string | null;
}

/** Problems after which what came is incomplete because the handset, the server or the person ended it. */
const interrupting = new Set([
  'OFFLINE',
  'TRUNCATED',
  'SERVER_DOWN',
  'ABORTED',
  'UNAUTHORIZED',
  'NOT_FOUND',
  'PROTOCOL',
  'REMOTE',
  'NO_ADB',
]);

interface Rule {
  readonly pattern: RegExp;
  readonly outcome: 'absent' | 'refused' | 'empty';
  readonly reason: string;
}

/** Words of shells, services and tools from 4.3 to today. First match wins; refusal is looked for before absence. */
const rules: readonly Rule[] = [
  { pattern: /\bSecurityException\b/, outcome: 'refused', reason: 'security-exception' },
  { pattern: /\bPermission Denial\b/i, outcome: 'refused', reason: 'permission-denied' },
  { pattern: /\bPermission denied\b/i, outcome: 'refused', reason: 'permission-denied' },
  { pattern: /\bOperation not permitted\b/i, outcome: 'refused', reason: 'permission-denied' },
  { pattern: /\bNeither user \d+ nor current process has\b/, outcome: 'refused', reason: 'permission-denied' },
  { pattern: /\brequires (?:the )?android\.permission\./, outcome: 'refused', reason: 'permission-denied' },
  { pattern: /Could not access the Package Manager/, outcome: 'refused', reason: 'system-not-running' },
  { pattern: /Can't find service\b|Service \S+ does not exist/, outcome: 'absent', reason: 'no-such-service' },
  {
    pattern: /: (?:inaccessible or )?not found\s*$|\bcommand not found\b/,
    outcome: 'absent',
    reason: 'no-such-command',
  },
  {
    pattern: /\b(?:Unknown|Invalid) (?:command|option|buffer|argument)\b|unknown command/i,
    outcome: 'absent',
    reason: 'no-such-option',
  },
  {
    pattern: /(?:invalid|unrecognized) option\b|\bBad argument\b|Error: Unknown option/i,
    outcome: 'absent',
    reason: 'no-such-option',
  },
  {
    pattern: /Unable to open log device .*No such file|Logcat read failure: No such file/,
    outcome: 'absent',
    reason: 'no-such-buffer',
  },
  {
    pattern: /\bUnknown (?:URI|URL)\b|\bInvalid URI\b|Could not find provider|Unknown authority/i,
    outcome: 'absent',
    reason: 'no-such-provider',
  },
  { pattern: /\bSQLiteException\b|\bInvalid column\b/, outcome: 'absent', reason: 'no-such-option' },
  { pattern: /^Bad \w+ command\b/, outcome: 'absent', reason: 'no-such-option' },
  { pattern: /No such file or directory/, outcome: 'absent', reason: 'no-such-file' },
  { pattern: /^\s*usage:? /i, outcome: 'absent', reason: 'no-such-option' },
  { pattern: /^\[options?\]|\[-h\|--help\]/i, outcome: 'absent', reason: 'no-such-option' },
  {
    pattern: /^No result found\.?\s*$|^\(No entries found\.\)\s*$|^No operations\.?\s*$/m,
    outcome: 'empty',
    reason: 'nothing-there',
  },
];

/** The beginning of a line that is the command's own kind of data: words inside data decide nothing. */
const dataLines: readonly { readonly command: RegExp; readonly data: RegExp }[] = [
  { command: /^pcapdroid-csv$/, data: /^IPProto,SrcIP,/ },
  { command: /^getprop/, data: /^\[[^\]]+\]: \[/ },
  { command: /settings .*list /, data: /^[\w.:/-]+=/ },
  { command: /content query/, data: /^Row: \d+ / },
  { command: /list packages/, data: /^package:/ },
  { command: /logcat/, data: /^(?:-{5,} |(?:\d{4}-)?\d\d-\d\d \d\d:|[VDIWEFAS]\/)/ },
  { command: /dumpsys package/, data: /^[A-Z][\w ]+:\s*$/ },
  { command: /dumpsys appops/, data: /^Current AppOps/ },
  { command: /dumpsys dropbox/, data: /^Drop box contents: [1-9]/ },
  {
    command: /dumpsys connectivity/,
    data: /^(?:Network(?:Factories|Providers|StateTracker) for|Active default network)\b/,
  },
  { command: /dumpsys account/, data: /^(?:User |Accounts: )/ },
];

/** Longer output is data with perhaps a warning in it; an error message of a shell or service is short. */
const maxErrorBytes = 8 * 1024;

function firstLines(bytes: Uint8Array): string[] {
  const { text } = readHandsetText(bytes, maxErrorBytes);
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 8);
}

function matchRule(lines: readonly string[]): { rule: Rule; said: string } | null {
  for (const rule of rules) {
    const said = lines.find((line) => rule.pattern.test(line));
    if (said !== undefined) return { rule, said: said.trim().slice(0, 200) };
  }
  return null;
}

function holdsData(command: string, lines: readonly string[]): boolean {
  const data = dataLines.find((entry) => entry.command.test(command))?.data;
  return data !== undefined && lines.some((line) => data.test(line));
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

/** `service call`: the reply's own exception code says what the shell's status does not. */
function judgeParcel(stdout: Uint8Array): Judgement | null {
  const reply = readParcel(readHandsetText(stdout, maxErrorBytes).text);
  if (reply.type === 'null') return { outcome: 'empty', reason: 'nothing-there', said: null };
  if (reply.type === 'error') return { outcome: 'absent', reason: 'no-such-transaction', said: reply.message || null };
  if (reply.type !== 'exception') return null;
  const said = reply.message.slice(0, 200) || null;
  if (reply.code === -1) return { outcome: 'refused', reason: 'security-exception', said };
  return { outcome: reply.code === -7 ? 'absent' : 'refused', reason: `exception${reply.code}`, said };
}

/**
 * Decides from what a command printed, and its exit status where the protocol has one, whether it was read, empty, absent on
 * this release, refused, timed out or interrupted. `unparsable` is decided by the parser, later. Old releases have neither
 * exit status nor a separate standard error: the words decide. Pure: can be judged again from the stored exhibits.
 */
export function judgeOutcome(command: string, run: CommandRun): Judgement {
  if (run.problem === 'TIMEOUT') return { outcome: 'timed-out', reason: 'time-limit', said: null };
  if (run.problem === 'REFUSED') return { outcome: 'refused', reason: 'refused-by-adb', said: null };
  if (run.problem !== null && run.problem !== 'LIMIT') {
    return { outcome: 'interrupted', reason: interrupting.has(run.problem) ? run.problem : 'REMOTE', said: null };
  }
  if (run.problem === 'LIMIT') return { outcome: 'read', reason: 'byte-limit', said: null };
  const short = run.stdout.length <= maxErrorBytes;
  const outLines = short ? firstLines(run.stdout) : [];
  if (!short || holdsData(command, outLines)) return { outcome: 'read', reason: exitReason(run), said: null };
  const parcel = command.startsWith('service call') ? judgeParcel(run.stdout) : null;
  if (parcel) return parcel;
  if (/settings .*get /.test(command) && outLines.length === 1 && outLines[0]?.trim() === 'null') {
    return { outcome: 'empty', reason: 'not-set', said: null };
  }
  const found = matchRule(outLines) ?? matchRule(firstLines(run.stderr));
  if (found && (isBlank(run.stdout) || saysFailure(outLines, found.said))) {
    return { outcome: found.rule.outcome, reason: found.rule.reason, said: found.said };
  }
  if (!isBlank(run.stdout)) return { outcome: 'read', reason: exitReason(run), said: null };
  if (run.exitCode === 127) return { outcome: 'absent', reason: 'no-such-command', said: null };
  // An error that no rule knows is not «no data»: the status is kept in the reason.
  if (run.exitCode !== null && run.exitCode !== 0)
    return {
      outcome: 'refused',
      reason: `exit-${run.exitCode}`,
      said: firstLines(run.stderr)[0]?.slice(0, 200) ?? null,
    };
  return { outcome: 'empty', reason: 'nothing-there', said: firstLines(run.stderr)[0]?.slice(0, 200) ?? null };
}

function saysFailure(outLines: readonly string[], said: string): boolean {
  return outLines.some((line) => line.trim().slice(0, 200) === said);
}

function exitReason(run: CommandRun): string | null {
  return run.exitCode === null || run.exitCode === 0 ? null : `exit-${run.exitCode}`;
}
