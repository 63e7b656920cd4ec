import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

const maxPhones = 16;
/** A state is a few thousand characters; a longer line is cut before it is looked through. */
const maxLine = 20_000;

/** ServiceState.STATE_*, as the numbers of 4 to 8 mean them and later releases print them. */
const states = ['IN_SERVICE', 'OUT_OF_SERVICE', 'EMERGENCY_ONLY', 'POWER_OFF'];
/** TelephonyManager.DATA_*. */
const dataStates = ['DISCONNECTED', 'CONNECTING', 'CONNECTED', 'SUSPENDED', 'DISCONNECTING'];

/** What the registers of a cell hold where they hold nothing (CellInfo.UNAVAILABLE, UNAVAILABLE_LONG). */
const unavailable: ReadonlySet<string> = new Set(['2147483647', '9223372036854775807']);

type Tell = (name: string, value: string | null) => void;

/**
 * `dumpsys telephony.registry` (frameworks/base, TelephonyRegistry.dump): of each phone what it last knew of its service, as facts of the
 * moment: state, operator, network, roaming, technology, data connection and the cell it is registered with, where the build prints its
 * numbers whole (makers mask them with asterisks). Calls, signals, neighbours and the log stay in the exhibit.
 */
export function parseTelephonyState({ text }: FormatInput, sink: ParseSink): void {
  let phone: string | null = null;
  let known = false;
  const phones = new Set<string>();
  const said = new Set<string>();
  for (const raw of text.split('\n')) {
    const line = raw.slice(0, maxLine).trim();
    if (line === 'last known state:') known = true;
    // Behind the phones come the log and those who listen.
    if (/^(?:local logs|listen logs|registrations)\b/.test(line)) break;
    const id = /^Phone Id=(\d{1,3})$/.exec(line)?.[1];
    if (id !== undefined) {
      phone = phones.size < maxPhones || phones.has(id) ? id : null;
      if (phone === null) sink.skip(1, line, 'too-many');
      else phones.add(id);
      continue;
    }
    if (phone === null) continue;
    const name = `phone ${phone}`;
    readLine(line, (what, value) => {
      if (value === null || value === '' || value === 'null' || said.has(`${name}/${what}`)) return;
      said.add(`${name}/${what}`);
      const fact = { topic: 'network', package: null, name: `${name}/${what}`, value: sink.value(value) } as const;
      sink.add({ kind: 'fact', ...fact, atHandset: null });
    });
  }
  if (!known) noSection(sink, text, 'last known state');
}

function readLine(line: string, tell: Tell): void {
  const at = line.indexOf('=');
  const value = line.slice(at + 1);
  if (line.startsWith('mServiceState={')) tellState(value, tell);
  else if (line.startsWith('mServiceState=')) tellOldState(value, tell);
  else if (line.startsWith('mCellIdentity=')) tellCell(value, tell);
  else if (line.startsWith('mCellLocation=Bundle[{')) tellLocation(value, tell);
  else if (line.startsWith('mUserMobileDataState=')) tell('mobile data switched on', value.trim());
  else if (line.startsWith('mDataConnectionState=')) tell('data connection', dataStates[Number(value)] ?? null);
}

/** From 9 on: names with their values between commas. */
function tellState(state: string, tell: Tell): void {
  tell('voice service', /\bmVoiceRegState=\d+\(([A-Z_]{1,40})\)/.exec(state)?.[1] ?? null);
  tell('data service', /\bmDataRegState=\d+\(([A-Z_]{1,40})\)/.exec(state)?.[1] ?? null);
  tell('operator', valueOf(state, 'mOperatorAlphaLong') ?? valueOf(state, 'mVoiceOperatorAlphaLong'));
  tell('network', networkOf(/\brRplmn=(\d{5,6})\b/.exec(state)?.[1] ?? ''));
  const roaming = [...state.matchAll(/\broamingType=([A-Z_]{1,40})/g)].map((match) => match[1] ?? '');
  tell('roaming', roaming.find((one) => one !== 'NOT_ROAMING') ?? roaming[0] ?? valueOf(state, 'mVoiceRoamingType'));
  tell('technology', /\b(?:get|m)RilDataRadioTechnology=\d+\(([\w -]{1,40})\)/.exec(state)?.[1] ?? null);
  const from = state.indexOf('cellIdentity=CellIdentity');
  if (from >= 0) tellCell(state.slice(from), tell);
}

function valueOf(state: string, name: string): string | null {
  const from = state.indexOf(` ${name}=`);
  if (from < 0) return null;
  const rest = state.slice(from + name.length + 2, from + name.length + 2 + 200);
  const end = rest.search(/, \w+=|, \w+\(\)=|\}/);
  const value = (end < 0 ? rest : rest.slice(0, end)).trim();
  return value === '' || value === 'null' ? null : value;
}

/** Till 8: `0 0 voice home data home NAME SHORT 46692 NAME SHORT 46692  LTE LTE …`; before 5.1: `0 home NAME SHORT 46692 HSPA …`. */
function tellOldState(state: string, tell: Tell): void {
  const two = /^(\d) (\d) voice (home|roaming) data (home|roaming) /.exec(state);
  const one = two === null ? /^(\d) (home|roaming) /.exec(state) : null;
  const head = two ?? one;
  if (head === null) return;
  tell(two === null ? 'service' : 'voice service', states[Number(head[1])] ?? null);
  if (two !== null) tell('data service', states[Number(two[2])] ?? null);
  tell('roaming', (two?.[3] ?? one?.[2]) === 'roaming' ? 'ROAMING' : 'NOT_ROAMING');
  const rest = state.slice(head[0].length, head[0].length + 500).split(' ');
  const digits = rest.findIndex((word) => /^\d{5,6}$/.test(word));
  if (digits < 1) return;
  tell('network', networkOf(rest[digits] ?? ''));
  const names = rest.slice(0, digits);
  // Long and short name are often the same, and either may hold blanks: of two alike halves one is the name.
  const half = names.slice(0, names.length / 2).join(' ');
  if (names.length % 2 === 0 && half === names.slice(names.length / 2).join(' ')) tell('operator', half);
  else tell('operator, long and short', names.join(' '));
}

const networkOf = (digits: string): string | null =>
  /^\d{5,6}$/.test(digits) ? `${digits.slice(0, 3)}-${digits.slice(3)}` : null;

/** `CellIdentityLte:{ mCi=… mTac=… mMcc=466 mMnc=92 …}`; of 5G blanks stand around the signs. */
function tellCell(text: string, tell: Tell): void {
  const head = /CellIdentity(Gsm|Wcdma|Tdscdma|Lte|Nr):\{/.exec(text.slice(0, 200));
  if (head === null) return;
  const identity = text.slice(head.index, head.index + 600).split('}', 1)[0] ?? '';
  const number = (name: RegExp): string | null => {
    const value = name.exec(identity)?.[1] ?? null;
    return value === null || unavailable.has(value) ? null : value;
  };
  const cell = number(/\b(?:mCi|mCid|mNci) ?= ?(\d{1,19})(?= |$)/);
  const area = number(/\b(?:mTac|mLac) ?= ?(\d{1,10})(?= |$)/);
  const mcc = /\bmMcc ?= ?(\d{3})\b/.exec(identity)?.[1];
  const mnc = /\bmMnc ?= ?(\d{2,3})\b/.exec(identity)?.[1];
  tell('cell technology', (head[1] ?? '').toUpperCase());
  tell('cell', cell);
  tell('cell area', area);
  if (mcc !== undefined && mnc !== undefined) tell('cell network', `${mcc}-${mnc}`);
}

function tellLocation(text: string, tell: Tell): void {
  tell('cell', /[{ ]cid=(\d{1,10})[,}]/.exec(text.slice(0, 200))?.[1] ?? null);
  tell('cell area', /[{ ]lac=(\d{1,10})[,}]/.exec(text.slice(0, 200))?.[1] ?? null);
}
