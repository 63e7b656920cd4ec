import type { RecordBody } from '../../shared/model/record.ts';
import { maxTextBytes, readHandsetText } from './text.ts';
import type { HandsetText } from './text.ts';
import { makeParseSink } from './parse-result.ts';
import type { FormatInput, ParseContext, ParseResult, ParseSink } from './parse-result.ts';
import { identifiersOfProperty } from './identifier-properties.ts';
import {
  identifierSettings,
  parseAccounts,
  parseAddressFile,
  parseIpAddr,
  parseNetcfg,
  parsePhoneDump,
  parsePhoneParcel,
  parsePhoneRows,
} from './formats/identifiers.ts';
import { looksLike } from './identifier-shapes.ts';
import { parseAppOpsDump, parseAppOpsGet } from './formats/app-ops.ts';
import { fileOf, parseCertificateFile } from './formats/certificate-file.ts';
import { parseCertificateList, storeOf } from './formats/certificate-list.ts';
import { parseClock } from './formats/clock.ts';
import { parseConnectivity } from './formats/connectivity.ts';
import { parseMessageLog } from './formats/message-log.ts';
import { messageTextsCommand, parseMessageTexts } from './formats/message-texts.ts';
import { parseDropbox } from './formats/dropbox.ts';
import { parseGetprop } from './formats/getprop.ts';
import { parseLogcat } from './formats/logcat.ts';
import { parsePackageDump } from './formats/package-dump.ts';
import { parsePackageList } from './formats/package-list.ts';
import { parseAlarms } from './formats/alarms.ts';
import { parseDevicePolicy } from './formats/device-policy.ts';
import {
  parseResolveActivity,
  parseRoleDump,
  parseRoleHolders,
  parseWebView,
  questionOf,
} from './formats/default-apps.ts';
import { parseOwners } from './formats/owners.ts';
import { parseTelephonyState } from './formats/telephony-state.ts';
import { parseJobs } from './formats/jobs.ts';
import { parseNetstats } from './formats/netstats.ts';
import { parsePcapdroid } from './formats/pcapdroid.ts';
import { parseBattery, parseDeviceIdle } from './formats/power.ts';
import { parseExitInfo, parseServices } from './formats/processes.ts';
import { parseProcessList } from './formats/process-list.ts';
import { parseSockets } from './formats/sockets.ts';
import { parseSubscriptions } from './formats/subscriptions.ts';
import { parseUsage } from './formats/usage.ts';
import { parseUserSettings, userSettingsCommand } from './formats/user-settings.ts';
import { parseWifi } from './formats/wifi.ts';
import { parseVpn } from './formats/vpn.ts';
import { parseUsers } from './formats/users.ts';
import { factsOfSetting } from './setting-facts.ts';
import {
  parseSettingsDump,
  parseSettingsGet,
  parseSettingsList,
  parseSettingsRows,
  tableAskedFor,
} from './formats/settings.ts';

/** One family of output: which commands print it, and how it is read. */
interface HandsetFormat {
  readonly id: string;
  readonly command: RegExp;
  readonly parse: (input: FormatInput, sink: ParseSink) => void;
  /** It may be no text: that it does not decode says nothing. */
  readonly isBinary?: boolean;
  /** Kinds of record of which it is a list: where its output is cut, what is missing from the list says nothing. */
  readonly lists?: readonly RecordBody['kind'][];
  /** Names of the lists of facts about the system's state that it prints whole: two readings are compared list by list. */
  readonly facts?: (command: string, collector: string | null) => readonly string[];
}

const named = (list: string) => (): readonly string[] => [list];
const settingsFacts = (command: string, collector: string | null): readonly string[] => {
  const namespace = tableAskedFor(collector, command);
  return (namespace === null ? ['system', 'secure', 'global'] : [namespace]).map((one) => `settings ${one}`);
};

/** First match wins. A new format is one file and one line here. */
export const handsetFormats: readonly HandsetFormat[] = [
  { id: 'clock', command: /^clock-offset\b/, parse: parseClock },
  { id: 'getprop', command: /^getprop$/, parse: parseGetprop, lists: ['property'] },
  // Before the first user's: its facts are named by user.
  { id: 'user-settings', command: userSettingsCommand, parse: parseUserSettings, facts: (command) => [command] },
  {
    id: 'settings-list',
    command: /\bsettings\s+(?:--user\s+\S+\s+)?list\s/,
    parse: parseSettingsList,
    lists: ['setting'],
    facts: settingsFacts,
  },
  { id: 'settings-get', command: /\bsettings\s+(?:--user\s+\S+\s+)?get\s/, parse: parseSettingsGet },
  {
    id: 'settings-rows',
    command: /content query .*content:\/\/settings\//,
    parse: parseSettingsRows,
    lists: ['setting'],
    facts: settingsFacts,
  },
  {
    id: 'settings-dump',
    command: /\bdumpsys settings\b/,
    parse: parseSettingsDump,
    lists: ['setting'],
    facts: settingsFacts,
  },
  { id: 'package-list', command: /\b(?:pm|cmd package) list packages\b/, parse: parsePackageList, lists: ['package'] },
  {
    id: 'package-dump',
    command: /\bdumpsys package\b/,
    parse: parsePackageDump,
    lists: ['package', 'permission', 'component'],
    facts: named('dumpsys package'),
  },
  { id: 'app-ops-dump', command: /\bdumpsys appops\b/, parse: parseAppOpsDump, lists: ['app-op'] },
  { id: 'app-ops-get', command: /\b(?:cmd )?appops get\b/, parse: parseAppOpsGet, lists: ['app-op'] },
  { id: 'dropbox', command: /\bdumpsys dropbox\b/, parse: parseDropbox, lists: ['crash'] },
  { id: 'logcat', command: /\blogcat\b/, parse: parseLogcat, lists: ['crash'] },
  { id: 'phone-parcel', command: /\bservice call iphonesubinfo\b/, parse: parsePhoneParcel },
  { id: 'phone-dump', command: /\bdumpsys iphonesubinfo\b/, parse: parsePhoneDump },
  {
    id: 'subscriptions',
    command: /\bdumpsys isub\b/,
    parse: parseSubscriptions,
    facts: named('dumpsys isub'),
  },
  // The state of a moment: two readings are not compared.
  { id: 'telephony-state', command: /\bdumpsys telephony\.registry\b/, parse: parseTelephonyState },
  // Where it is at a moment: two readings are not compared.
  { id: 'wifi', command: /\bdumpsys wifi\b/, parse: parseWifi },
  { id: 'netcfg', command: /^netcfg\b/, parse: parseNetcfg },
  { id: 'ip-addr', command: /^ip (?:addr|link|address)\b/, parse: parseIpAddr },
  { id: 'address-file', command: /\/sys\/class\/net\/[\w.-]+\/address/, parse: parseAddressFile },
  { id: 'accounts', command: /\bdumpsys account\b/, parse: parseAccounts, facts: named('dumpsys account') },
  {
    id: 'users',
    command: /\bdumpsys user\b|\b(?:pm|cmd user) list users\b/,
    parse: parseUsers,
    facts: (command) => [/\blist users\b/.test(command) ? 'pm list users' : 'dumpsys user'],
  },
  { id: 'device-idle', command: /\bdumpsys deviceidle\b/, parse: parseDeviceIdle, facts: named('dumpsys deviceidle') },
  { id: 'battery', command: /\bdumpsys battery$/, parse: parseBattery, facts: named('dumpsys battery') },
  { id: 'jobs', command: /\bdumpsys jobscheduler\b/, parse: parseJobs, facts: named('dumpsys jobscheduler') },
  { id: 'alarms', command: /\bdumpsys alarm\b/, parse: parseAlarms },
  { id: 'usage', command: /\bdumpsys usagestats\b/, parse: parseUsage },
  { id: 'services', command: /\bdumpsys activity services\b/, parse: parseServices },
  { id: 'exit-info', command: /\bdumpsys activity exit-info\b/, parse: parseExitInfo },
  { id: 'netstats', command: /\bdumpsys netstats\b/, parse: parseNetstats },
  { id: 'sockets', command: /^cat \/proc\/net\/(?:tcp|udp)6?$/, parse: parseSockets },
  {
    id: 'resolve-activity',
    command: /\bpackage resolve-activity\b/,
    parse: parseResolveActivity,
    facts: (command) => [`resolve-activity ${questionOf(command)}`],
  },
  {
    id: 'role-holders',
    command: /\bcmd role get-role-holders\b/,
    parse: parseRoleHolders,
    facts: (command) => [command],
  },
  { id: 'role-dump', command: /\bdumpsys role$/, parse: parseRoleDump, facts: named('dumpsys role') },
  {
    id: 'device-policy',
    command: /\bdumpsys device_policy\b/,
    parse: parseDevicePolicy,
    facts: named('dumpsys device_policy'),
  },
  { id: 'owners', command: /\bdpm list-owners\b/, parse: parseOwners, facts: named('dpm list-owners') },
  { id: 'process-list', command: /^ps(?: -A)?$/, parse: parseProcessList },
  {
    id: 'certificate-list',
    command: /^ls \/\S+\/cacerts(?:-added)?$/,
    parse: parseCertificateList,
    facts: (command) => [storeOf(command)],
  },
  {
    id: 'certificate-file',
    command: /^cat \/\S+\/cacerts-added\/[0-9a-f]{8}\.\d{1,4}$/,
    parse: parseCertificateFile,
    isBinary: true,
    facts: (command) => [fileOf(command)],
  },
  // The state of a moment: two readings are not compared.
  { id: 'connectivity', command: /\bdumpsys connectivity$/, parse: parseConnectivity },
  { id: 'vpn', command: /\bdumpsys vpn_management\b/, parse: parseVpn, facts: named('dumpsys vpn_management') },
  { id: 'webview', command: /\bdumpsys webviewupdate\b/, parse: parseWebView, facts: named('dumpsys webviewupdate') },
  { id: 'pcapdroid', command: /^pcapdroid-csv$/, parse: parsePcapdroid },
  { id: 'message-texts', command: messageTextsCommand, parse: parseMessageTexts },
  { id: 'message-log', command: /content query .*content:\/\/sms\b/, parse: parseMessageLog },
  {
    id: 'phone-rows',
    command: /content query .*content:\/\/(?:com\.android\.contacts|contacts)\//,
    parse: parsePhoneRows,
  },
];

/** Id of the format that reads a command's output, or null. */
export function formatOf(command: string): string | null {
  return handsetFormats.find((candidate) => candidate.command.test(command))?.id ?? null;
}

/** A list of which a command prints one: a kind of record, of settings one namespace where the command asks for it alone. */
export interface PrintedList {
  readonly kind: RecordBody['kind'];
  readonly part: string | null;
}

/** What is asked of a handset, and by which collector (null: none of ours). */
export interface Question {
  readonly command: string;
  readonly collector: string | null;
}

/** What a command's output lists; empty for output that no format knows, and for single values. */
export function listsOf({ command, collector }: Question): readonly PrintedList[] {
  const format = handsetFormats.find((candidate) => candidate.command.test(command));
  const part = tableAskedFor(collector, command);
  return (format?.lists ?? []).map((kind) => ({ kind, part: kind === 'setting' ? part : null }));
}

/** The lists of facts that a command prints whole; empty for every other. */
export function factListsOf({ command, collector }: Question): readonly string[] {
  return handsetFormats.find((candidate) => candidate.command.test(command))?.facts?.(command, collector) ?? [];
}

/** Which of a command's lists a fact of that name stands in: of several, those of settings, the one of its namespace. */
export function factListOf(question: Question, name: string): string | null {
  const lists = factListsOf(question);
  return (lists.length === 1 ? lists[0] : lists.find((list) => list === `settings ${name.split('/', 1)[0]}`)) ?? null;
}

export interface ExhibitToParse {
  readonly collector: string | null;
  /** As it was sent to the handset. */
  readonly command: string;
  readonly bytes: Uint8Array;
  readonly context: ParseContext;
  /** Standard error is kept as it is and gives no records. */
  readonly stream?: 'stdout' | 'stderr' | 'merged';
  /** True where the output did not come to its own end: its last line may be a part of one, and is left out. */
  readonly cut?: boolean;
  /** Of a part that was cut from a file: the encoding of the file. */
  readonly encoding?: HandsetText['encoding'] | undefined;
}

const nothing: ParseResult = {
  format: null,
  records: [],
  unparsed: [],
  unparsedCount: 0,
  limits: [],
  unparsable: false,
};

/**
 * Reads the raw output of one command into records. Pure: the same bytes and context give the same records. Does not
 * throw on any bytes; what cannot be read is listed with its line and reason, what was capped or assumed in `limits`.
 * A command that no format knows gives `format: null` and nothing else: its exhibit is kept raw.
 */
export function parseExhibit(exhibit: ExhibitToParse): ParseResult {
  const { collector, command, bytes, context, stream, cut: ended } = exhibit;
  const format = stream === 'stderr' ? undefined : handsetFormats.find((candidate) => candidate.command.test(command));
  if (format === undefined) return nothing;
  const sink = makeParseSink();
  const { text: whole, encoding, cut, invalid } = readHandsetText(bytes, maxTextBytes, exhibit.encoding);
  if (cut) sink.limit('cap-bytes');
  const text = cut || ended === true ? whole.slice(0, whole.lastIndexOf('\n') + 1) : whole;
  if (invalid && format.isBinary !== true) sink.limit('invalid-text');
  if (encoding !== 'utf-8' && format.isBinary !== true) sink.limit(`encoding:${encoding}`);
  const input: FormatInput = { collector: collector ?? format.id, command, text, bytes, context };
  format.parse(input, sink);
  // An identifier may stand in any property or setting, and settings name apps: a record of its own beside the property's.
  if (format.id === 'getprop' || format.id.startsWith('settings')) addIdentifiers(sink);
  return sink.result(format.id);
}

function addIdentifiers(sink: ParseSink): void {
  const seen = new Set<string>();
  for (const record of sink.result('').records.slice()) {
    if (record.kind === 'property') {
      for (const found of identifiersOfProperty(record.name, record.value)) {
        const key = `${found.identifierKind} ${found.value}`;
        if (seen.has(key)) continue;
        seen.add(key);
        sink.add({ kind: 'identifier', ...found });
      }
    } else if (record.kind === 'setting') {
      addSettingIdentifier(record.namespace, record.name, record.value, sink);
      for (const fact of factsOfSetting(record)) sink.add(fact);
    }
  }
}

function addSettingIdentifier(namespace: string, name: string, value: string, sink: ParseSink): void {
  const identifierKind = identifierSettings.get(`${namespace}/${name}`);
  const tidy = identifierKind === 'bluetooth-mac' ? value.toLowerCase() : value;
  if (identifierKind === undefined || !looksLike(identifierKind, tidy)) return;
  sink.add({ kind: 'identifier', identifierKind, value: tidy, method: `setting ${namespace}/${name}` });
}
