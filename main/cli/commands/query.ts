import type { Command } from 'commander';
import { filterKeys } from '../../../shared/filter/filter-keys.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import { captureNoteMessage, readCaptureNote } from '../../../shared/model/capture-note.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { CaseEvent } from '../../../shared/model/event.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { bySeriousness } from '../../../shared/model/finding-order.ts';
import type { Identifier } from '../../../shared/model/identifier.ts';
import type { InstantOfRecord, MeaningOfRecord, SnapshotRecord } from '../../../shared/model/record.ts';
import { smallMessageText } from '../../../shared/model/small-messages.ts';
import { tlsMessageParts } from '../../../shared/model/tls-message-text.ts';
import type { Flow, InstantOfPacket, InstantsOfFlow, Message } from '../../../shared/model/traffic.ts';
import { eventInWords } from '../../report/recorded-words.ts';
import { reportWords } from '../../report/words.ts';
import type { CaseFilter, QueryRows, QuerySource } from '../../workflow/query-case.ts';
import { queryCase } from '../../workflow/query-case.ts';
import type { Words } from '../../workflow/words.ts';
import type { Bind } from '../program.ts';
import { plain } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError, pathFrom } from '../command.ts';

interface QueryOptions {
  readonly label?: string;
  readonly run?: string;
  readonly filter?: string;
  readonly names?: boolean;
  readonly texts?: boolean;
}

/** A query command: what it lists and how one line reads for people. */
interface QueryCommand<Source extends QuerySource> {
  readonly description: string;
  readonly source: Source;
  readonly line: (row: QueryRows[Source], words: Words, terminal: Pick<Terminal, 'lang' | 'words'>) => string;
  /** Order of the lines for people, where it is another than that of the contract's JSON Lines; absent: the same. */
  /** Of what stands in captures: the second clock, null where there is none. */
  readonly packets?: (row: QueryRows[Source]) => { readonly at: string | null | undefined; readonly exhibit: string };
  readonly order?: (a: QueryRows[Source], b: QueryRows[Source]) => number;
}

export function registerQueryCommands(program: Command, bind: Bind): void {
  register(program, bind, {
    description: 'numbered raw items in custody',
    source: 'exhibits',
    line: (e: Exhibit) =>
      `${e.id}  ${e.kind}  ${e.label}  ${e.outcome}  ${e.bytes} B  ${e.originalName}${e.fault === null ? '' : `  ! ${e.fault}`}`,
  });
  register(program, bind, {
    description: 'conversations in the captures',
    source: 'flows',
    packets: (f) => ({ at: f.firstPacketAtWorkstation, exhibit: f.exhibit }),
    line: (f: Flow & InstantsOfFlow, words) =>
      `${f.id}  ${f.exhibit}  ${f.firstPacketAt}  ${f.transport}  ${f.client.address}:${f.client.port} > ${f.server.address}:${f.server.port}  ${f.application}  ${f.channel}  ${f.serverNames.join(' ')}${byWorkstation(f.firstPacketAtWorkstation, f.atWorkstationBoundMs, words)}`,
  });
  register(program, bind, {
    description: 'application exchanges in the flows',
    source: 'messages',
    packets: (m) => ({ at: m.atWorkstation, exhibit: m.exhibit }),
    line: (m: Message & InstantOfPacket, words) =>
      `${m.exhibit}#${m.frame}  ${m.at}  ${m.kind}  ${messageText(m, words)}${byWorkstation(m.atWorkstation, m.atWorkstationBoundMs, words)}`,
  });
  register(program, bind, {
    description: 'what the rules state',
    source: 'findings',
    order: bySeriousness,
    packets: (f) => ({ at: f.atWorkstation, exhibit: f.frames[0]?.exhibit ?? '' }),
    line: (f: Finding & InstantOfPacket, words) =>
      `${f.number}  ${f.severity}  ${f.confidence}  ${f.label}${f.run === null ? '' : `/${f.run}`}  ${f.statement}${f.decision === null ? '' : `  [${f.decision.verdict}: ${f.decision.reason}]`}${byWorkstation(f.atWorkstation, f.atWorkstationBoundMs, words)}`,
  });
  register(program, bind, {
    description: 'parsed rows of the acquisitions',
    source: 'records',
    line: (r: SnapshotRecord & MeaningOfRecord & InstantOfRecord, words) =>
      `${r.exhibit}  ${r.label}  ${r.kind}  ${recordText(r)}${secondClock(r, words)}${r.meaning === undefined ? '' : `  (${r.meaning})`}`,
  });
  register(program, bind, {
    description: 'identifiers of the handsets',
    source: 'identifiers',
    line: identifierLine,
  });
  register(program, bind, {
    description: 'what happened, attested or read from the handset',
    source: 'events',
    line: (e: CaseEvent, words, terminal) =>
      `${e.id}  ${e.at}  ${e.run ?? '-'}  ${e.kind}  ${eventLine(e.text, terminal)}  (${e.source})${eventClock(e, words)}`,
  });
}

/** The second clock of a packet. */
function byWorkstation(at: string | null | undefined, boundMs: number | undefined, words: Words): string {
  return at === null || at === undefined ? '' : `  [${words('cli.at-workstation', { at, bound: boundMs ?? 0 })}]`;
}

/** The workstation's instant where `at` is the handset's, with what it may be off by where it was worked out. */
function eventClock({ atWorkstation: at, atWorkstationBoundMs: bound }: CaseEvent, words: Words): string {
  if (at === undefined) return '';
  return bound === undefined ? `  [${words('cli.stated-at', { at })}]` : byWorkstation(at, bound, words);
}

/** What a capture noted of itself, and of a log and of the record of use what is known, in the person's language; else as it was written. */
function eventLine(text: string, { lang, words }: Pick<Terminal, 'lang' | 'words'>): string {
  const note = readCaptureNote(text);
  if (note === null) return eventInWords(text, reportWords(lang));
  const { message, params } = captureNoteMessage(note);
  return words(`ui.capture-note.${message}`, params);
}

export function identifierLine(i: Identifier, words: Words): string {
  const doubts = i.warnings.length === 0 ? '' : `  ! ${i.warnings.join(', ')}`;
  return `${i.id}  ${i.handset}  ${i.kind}  ${i.value}  (${i.source}${sourceText(i, words)})${doubts}`;
}

/** By which way it was had, what that is worth and how it can be wrong. */
function sourceText({ method, sourceConfidence }: Identifier, words: Words): string {
  if (method === undefined || sourceConfidence === undefined) return '';
  const confidence = words(`ui.source-confidence.${sourceConfidence}`);
  return `; ${words(`ui.identifier-method.${method}`)}; ${confidence}: ${words(`ui.identifier-method-fault.${method}`)}`;
}

function register<Source extends QuerySource>(program: Command, bind: Bind, query: QueryCommand<Source>): void {
  const command = program
    .command(query.source)
    .description(query.description)
    .argument('<dir>', 'the case folder')
    .option('--label <label>', 'only this label')
    .option('--run <run>', 'only this run');
  if (namingAccounts.has(query.source)) command.option('--names', 'names of accounts in full, else masked');
  if (query.source === 'records') command.option('--texts', 'texts of messages in full, else masked');
  if (filtered.has(query.source)) {
    command.option(
      '--filter <line>',
      `only what passes, e.g. "host:example.com -channel:tls" (keys: ${filterKeys.join(', ')})`,
    );
  }
  bind<[string, QueryOptions]>(command, async ({ terminal, conduct }, dir, options) => {
    const filter: CaseFilter = {
      label: options.label ?? null,
      run: options.run ?? null,
      terms: termsOf(options.filter),
      names: options.names === true,
      texts: options.texts === true,
    };
    const unclocked = { rows: 0, captures: new Set<string>() };
    const say = (row: QueryRows[Source]): void => {
      terminal.result(row, () => plain(query.line(row, terminal.words, terminal)));
      const packets = query.packets?.(row);
      if (packets?.at !== null || packets === undefined) return;
      unclocked.rows += 1;
      unclocked.captures.add(packets.exhibit);
    };
    const order = terminal.json ? undefined : query.order;
    const held: QueryRows[Source][] = [];
    const done = await queryCase(pathFrom(dir), query.source, filter, conduct, (row) => {
      if (order === undefined) say(row);
      else held.push(row);
    });
    if (order !== undefined) for (const row of held.sort(order)) say(row);
    if (unclocked.rows > 0 && !terminal.json) {
      const captures = [...unclocked.captures].sort().join(' ');
      terminal.note(plain(terminal.words('cli.no-workstation', { count: unclocked.rows, captures })));
    }
    if (done.ok) return 0;
    terminal.problem(done.problem);
    return conduct.signal.aborted ? 130 : 1;
  });
}

/** Sources whose rows may name a person's account. */
const namingAccounts: ReadonlySet<QuerySource> = new Set(['records', 'identifiers']);

/** Sources that know the filter language of the window. */
const filtered: ReadonlySet<QuerySource> = new Set(['flows', 'messages', 'findings']);

function termsOf(line: string | undefined): CaseFilter['terms'] {
  if (line === undefined) return undefined;
  const parsed = parseFilter(line);
  if (parsed.ok) return parsed.terms;
  const { code, subject, known } = parsed.problem;
  throw new UsageError(`filter-${code}`, { subject, known });
}

/** A message in one line, the same as the window's but for what the columns before it say. */
function messageText(m: Message, words: Words): string {
  switch (m.kind) {
    case 'http-request':
      return `${m.method} ${m.host ?? ''}${m.uri}`;
    case 'http-response':
      return String(m.status);
    case 'websocket-message':
      return `${m.opcode} ${m.bytes}`;
    case 'dns-query':
    case 'dns-answer':
      return `${m.name} ${m.type}`;
    case 'tls-client-hello':
    case 'quic-client-hello':
      return [`${m.serverName ?? '-'} ${m.version}`, ...tlsMessageParts(m, words)].join('  ');
    case 'tls-server-hello':
    case 'quic-server-hello':
      return [`${m.version} ${m.cipher}`, ...tlsMessageParts(m, words)].join('  ');
    case 'quic-version-negotiation':
      return m.versions.join(' ');
    case 'quic-retry':
      return m.quicVersion;
    case 'tls-certificate':
      return [m.names.join(' '), ...tlsMessageParts(m, words)].join('  ');
    case 'xmpp-stream':
      return m.namespace ?? '';
    default:
      return smallMessageText(m);
  }
}

/** A record's instant on the workstation's clock, or why there is none. */
function secondClock({ at, atBoundMs, ambiguous }: InstantOfRecord, words: Words): string {
  if (ambiguous !== undefined) return `  [${words(`ui.ambiguous.${ambiguous}`)}]`;
  return at === undefined ? '' : `  [${words('cli.at-workstation', { at, bound: atBoundMs ?? 0 })}]`;
}

function recordText(r: SnapshotRecord & InstantOfRecord): string {
  const { kind: _kind, label: _label, handset: _handset, exhibit: _exhibit, run: _run, ...told } = r;
  const { at: _at, atBoundMs: _bound, ambiguous: _ambiguous, ...rest } = told;
  return Object.values(rest)
    .filter((value) => value !== null)
    .map(String)
    .join('  ');
}
