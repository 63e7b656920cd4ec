import { modeOf, nameAppOp } from '../app-op-names.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';

interface OpenOp {
  readonly package: string;
  readonly op: string;
  readonly mode: string;
  lastAccess: string | null;
}

/** 4.3 to 8: `NAME: mode=1; time=+1h2m ago; duration=…` (mode a number, from 8 on a word). */
const oldOp = /^(\S+): mode=(\w+)(.*)$/;
/** 9 and later: `NAME (allow / switch OTHER=allow): `. */
const newOp = /^(\S+) \((\w+)(?: \/ switch [^)]*)?\):?/;
/** `cmd appops get`: `NAME: allow; time=…`; of 5 and 6 an unnamed mode is `NAME: mode=4`; an op that goes on ends with ` (running)`. */
const shellOp = /^(Uid mode: )?([^\s:;]{1,200}): (?:mode=)?(\w{1,40})((?:;| \().*)?$/;

/** Latest of several accesses: the dump writes absolute times since 9. */
function noteAccess(open: OpenOp | null, text: string): void {
  const at = /^Access: \[[^\]]*\] ?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)/.exec(text)?.[1];
  if (open && at !== undefined && (open.lastAccess === null || at > open.lastAccess)) open.lastAccess = at;
}

/**
 * `dumpsys appops` from 4.3 to today, with MIUI's own ops. A mode set for a whole uid stands under `uid:NAME` as package.
 */
export function parseAppOpsDump({ text }: FormatInput, sink: ParseSink): void {
  const state: { uid: string | null; package: string | null; open: OpenOp | null; inOps: boolean } = {
    uid: null,
    package: null,
    open: null,
    inOps: false,
  };
  const close = (): void => {
    if (state.open) addOp(state.open, sink);
    state.open = null;
  };
  text.split('\n').forEach((line, i) => {
    const uid = /^ {2}Uid (\S+):\s*$/.exec(line);
    const pkg = /^ {4}Package (\S+):\s*$/.exec(line);
    if (uid || pkg) {
      close();
      state.inOps = true;
      if (uid) state.uid = uid[1] ?? null;
      state.package = pkg ? (pkg[1] ?? null) : null;
    } else if (state.inOps && /^\S/.test(line)) {
      close();
      state.inOps = false;
    } else if (state.inOps) readOpLine(line, i + 1, state, close, sink);
  });
  close();
  // Words without a single owner are no empty dump.
  if (state.uid === null && state.package === null && !/^(?:Current AppOps Service state:)?$/.test(text.trim()))
    sink.skip(1, text.slice(0, 160).split('\n', 1)[0] ?? '', 'no-app-ops');
}

function readOpLine(
  line: string,
  number: number,
  state: { uid: string | null; package: string | null; open: OpenOp | null },
  close: () => void,
  sink: ParseSink,
): void {
  const body = line.trim();
  if (!/^ {6}\S/.test(line)) return noteAccess(state.open, body);
  const owner = state.package ?? (state.uid === null ? null : `uid:${state.uid}`);
  const old = oldOp.exec(body);
  const fresh = old ? null : newOp.exec(body);
  if (owner === null || (old === null && fresh === null)) {
    // `foregroundOps` of a uid and its `NAME: WATCHER` lines are no modes.
    if (state.package !== null && !/^(?:\[|null=)/.test(body)) sink.skip(number, line, 'not-an-app-op');
    return;
  }
  close();
  const match = old ?? fresh;
  const time = old ? (/; time=([^;]+?)(?: ago)?(?:;|$)/.exec(old[3] ?? '')?.[1] ?? null) : null;
  state.open = { package: owner, op: match?.[1] ?? '', mode: match?.[2] ?? '', lastAccess: time };
}

function addOp(open: OpenOp, sink: ParseSink): void {
  const mode = modeOf(open.mode);
  if (mode === 'unknown') sink.limit(`unknown-mode:${open.mode.slice(0, 20)}`);
  sink.add({ kind: 'app-op', package: open.package, op: nameAppOp(open.op), mode, lastAccess: open.lastAccess });
}

interface ShellOp {
  readonly op: string;
  readonly mode: string;
  readonly time: string | null;
}

/**
 * `cmd appops get PACKAGE` or `appops get PACKAGE` (from 5): what is set for the app's whole uid comes first, and only its first line
 * says so (AppOpsService, case "get"). An op that comes again was the uid's before; of lines that cannot be told apart a limit tells.
 */
export function parseAppOpsGet({ text, command }: FormatInput, sink: ParseSink): void {
  const owner = /appops get (?:--user \S+ |--uid )?(\S+)/.exec(command)?.[1];
  if (owner === undefined) return sink.skip(1, command, 'no-package-in-command');
  const ops: ShellOp[] = [];
  let uidFrom = -1;
  text.split('\n').forEach((line, i) => {
    const body = line.trim();
    if (body === '' || /^(?:No operations|Default mode:)/.test(body)) return;
    const match = shellOp.exec(body);
    if (match === null) return sink.skip(i + 1, line, 'not-an-app-op');
    if (match[1] !== undefined && uidFrom < 0) uidFrom = ops.length;
    const time = /; time=([^;]{1,100}?)(?: ago)?(?: \(running\))?(?:;|$)/.exec(match[4] ?? '')?.[1] ?? null;
    ops.push({ op: match[2] ?? '', mode: match[3] ?? '', time });
  });
  const uidTo = uidFrom < 0 ? -1 : lastOfUid(ops, uidFrom);
  if (uidFrom >= 0 && uidTo < ops.length - 1) sink.limit('uid-modes-not-told-apart');
  ops.forEach(({ op, mode, time }, i) => {
    const isOfUid = i >= uidFrom && i <= uidTo;
    addOp({ package: isOfUid ? `uid-of:${owner}` : owner, op, mode, lastAccess: time }, sink);
  });
}

/** The first line is the uid's; so is each before one whose op stands again further down. */
function lastOfUid(ops: readonly ShellOp[], from: number): number {
  const seen = new Set<string>();
  for (let i = ops.length - 1; i > from; i -= 1) {
    const { op } = ops[i] ?? { op: '' };
    if (seen.has(op)) return i;
    seen.add(op);
  }
  return from;
}
