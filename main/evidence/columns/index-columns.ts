import { smallMessageText } from '../../../shared/model/small-messages.ts';
import type { FindingDraft } from '../../../shared/model/finding.ts';
import type { Flow, Message } from '../../../shared/model/traffic.ts';
import { ColumnWriter } from './column-writer.ts';
import type { PutPart } from './column-writer.ts';
import { DictionaryWriter } from './dictionary-writer.ts';
import { InstantReader } from './instant-us.ts';

/** What conversations, messages and findings have in common with many others of their kind, as the class dictionaries keep it. */
export type FlowClass = readonly [
  exhibit: string,
  transport: string,
  application: string,
  channel: string,
  app: string,
];
export type MessageClass = readonly [exhibit: string, kind: string];
export type FindingClass = readonly [
  exhibit: string,
  rule: string,
  severity: string,
  confidence: string,
  label: string,
  run: string,
  handset: string,
  identifier: string,
  identifierKind: string,
  representation: string,
  channel: string,
  consent: string,
];

/**
 * Columns for filtering, sorting, counting and charting millions of rows, written beside the rows themselves: by row number
 * (flows: their id, messages: their id, findings: their rowid), as few bytes as do. They cost the load a fraction of what
 * SQL indexes would, and answer every combination of filters in one pass.
 */
export class IndexColumns {
  readonly #flows: ColumnWriter;
  readonly #messages: ColumnWriter;
  readonly #findings: ColumnWriter;
  readonly #flowClasses: DictionaryWriter;
  readonly #messageClasses: DictionaryWriter;
  readonly #findingClasses: DictionaryWriter;
  /** Sets of names with their address, one a line, the address last. */
  readonly #hosts: DictionaryWriter;
  readonly #clients: DictionaryWriter;
  readonly #names: DictionaryWriter;
  readonly #texts: DictionaryWriter;
  readonly #instants = new InstantReader();

  constructor(put: PutPart) {
    this.#flows = new ColumnWriter(put, 'flow', {
      class: 'u32',
      host: 'u32',
      client: 'u32',
      port: 'u32',
      packets: 'u32',
      first: 'f64',
      sent: 'f64',
      received: 'f64',
    });
    this.#messages = new ColumnWriter(put, 'message', {
      class: 'u32',
      flow: 'u32',
      name: 'u32',
      text: 'u32',
      at: 'f64',
    });
    this.#findings = new ColumnWriter(put, 'finding', { class: 'u32', flow: 'u32', at: 'f64' });
    this.#flowClasses = new DictionaryWriter(put, 'flow-class');
    this.#messageClasses = new DictionaryWriter(put, 'message-class');
    this.#findingClasses = new DictionaryWriter(put, 'finding-class');
    this.#hosts = new DictionaryWriter(put, 'host');
    this.#clients = new DictionaryWriter(put, 'client');
    this.#names = new DictionaryWriter(put, 'name');
    // Hardly a URI comes twice; those that do come often.
    this.#texts = new DictionaryWriter(put, 'text', 4096);
  }

  addFlow(flow: Flow, hosts: string): void {
    const { exhibit, transport, application, channel, app, packets, payloadBytes } = flow;
    // The app comes last: only it could hold a line break.
    const key = `${exhibit}\n${transport}\n${application}\n${channel}\n${app ?? ''}`;
    this.#flows.set(flow.id, [
      this.#flowClasses.code(key, () =>
        JSON.stringify([exhibit, transport, application, channel, app ?? ''] satisfies FlowClass),
      ),
      this.#hosts.code(hosts),
      this.#clients.code(flow.client.address),
      flow.server.port,
      packets.toServer + packets.toClient,
      this.#instants.read(flow.firstPacketAt),
      payloadBytes.toServer,
      payloadBytes.toClient,
    ]);
  }

  addMessage(id: number, message: Message): void {
    const { exhibit, kind } = message;
    const name = nameOf(message);
    const text = textOf(message);
    this.#messages.set(id, [
      this.#messageClasses.code(`${exhibit}\n${kind}`, () => JSON.stringify([exhibit, kind] satisfies MessageClass)),
      message.flow,
      name === null || name === '' ? 0 : this.#names.code(name),
      text === '' ? 0 : this.#texts.code(text),
      this.#instants.read(message.at),
    ]);
  }

  /** @param row its rowid */
  addFinding(row: number, finding: FindingDraft): void {
    const { rule, severity, confidence, label, run, handset, identifier, representation, channel, consent } = finding;
    const told: FindingClass = [
      finding.frames[0]?.exhibit ?? '',
      rule,
      severity,
      confidence,
      label,
      run ?? '',
      handset,
      identifier?.id ?? '',
      identifier?.kind ?? '',
      representation ?? '',
      channel ?? '',
      consent,
    ];
    this.#findings.set(row, [
      this.#findingClasses.code(JSON.stringify(told), (key) => key),
      // Conversations count from zero: one more, so that 0 means «in none».
      finding.flow === null ? 0 : finding.flow + 1,
      finding.at === null ? Number.NaN : this.#instants.read(finding.at),
    ]);
  }

  finish(): void {
    for (const one of [this.#flows, this.#messages, this.#findings]) one.finish();
    for (const one of [this.#flowClasses, this.#messageClasses, this.#findingClasses]) one.finish();
    for (const one of [this.#hosts, this.#clients, this.#names, this.#texts]) one.finish();
  }
}

/** The names that a message asks for or shows, one a line. */
function nameOf(message: Message): string | null {
  switch (message.kind) {
    case 'http-request':
      return message.host;
    case 'dns-query':
    case 'dns-answer':
      return message.name;
    case 'tls-client-hello':
    case 'quic-client-hello':
      return message.serverName;
    case 'tls-certificate':
      return message.names.join('\n');
    default:
      return null;
  }
}

/** What else in it is looked for: the URI, the answers, what the small protocols say. */
function textOf(message: Message): string {
  switch (message.kind) {
    case 'http-request':
      return message.uri;
    case 'dns-answer':
      return message.answers.join('\n');
    case 'http-response':
    case 'websocket-message':
    case 'dns-query':
    case 'tls-client-hello':
    case 'quic-client-hello':
    case 'tls-server-hello':
    case 'quic-server-hello':
    case 'tls-certificate':
    case 'quic-version-negotiation':
    case 'quic-retry':
      return '';
    case 'xmpp-stream':
      return message.namespace ?? '';
    default:
      return smallMessageText(message);
  }
}
