import { applicationName, UdpFlows } from './udp-flows.ts';
import { ClockSteps } from './clock-steps.ts';
import { CaptureFile } from './capture-file.ts';
import { CHANNELS } from './applications.ts';
import { EapOverLan } from './eap-link.ts';
import { Emitter } from './emitter.ts';
import { FaultLog } from './faults.ts';
import { type FlowGate, transportOf } from './flow-gate.ts';
import { FlowTable } from './flow-table.ts';
import { FRAMES_FORGOTTEN, Network } from './network.ts';
import type { LinkResult } from './link-frame.ts';
import { LinkLayer } from './link-layer.ts';
import { LinkTally } from './link-tally.ts';
import { type PacketReceiver, TLS_KEY_LOG } from './file-format.ts';
import {
  LOOKS_AT_ONCE,
  type DissectedFlow,
  type DissectionSink,
  type DissectionSummary,
  type FileStart,
  type SearchHorizon,
} from './sink.ts';
import { SctpFlows } from './sctp-flows.ts';
import { TcpFlows } from './tcp-flows.ts';
import type { KeyLog } from './keylog/key-log.ts';
import { provideKeys, type ProvidedKeys } from './keylog/provided-keys.ts';
import { Recogniser } from './recogniser.ts';
import { WlanFragments } from './wlan-fragments.ts';

export interface DissectorOptions {
  /** Silence, in capture time, after which a connection's working memory may be given back. Default ten minutes. */
  readonly idleTimeoutMs?: number;
  /** Connections with working memory at the same time. Default 50,000. */
  readonly maxConnections?: number;
  /**
   * Takes the keys that the file itself holds (pcapng Decryption Secrets Block; PacketReceiver.secrets). Without it a TLS
   * key log is used, and of others the summary says that they are there and were not used.
   */
  readonly secrets?: (type: number, bytes: Uint8Array) => void;
  /** Secrets of a TLS key log (SSLKEYLOGFILE): what they open is handed on as well, marked as known that way. */
  readonly keyLog?: KeyLog;
  /**
   * Secrets of the TLS key logs that the files hold themselves, gathered beforehand, since they may stand behind what they open:
   * `keyLog` with these added where there is one. The blocks are not taken again when they are passed.
   */
  readonly ownSecrets?: KeyLog;
  /** How far the sink has looked at what was handed on; without one it looks at once. */
  readonly horizon?: SearchHorizon;
  /** Only the packets that it admits belong to conversations; all are counted as frames. Default: every packet. */
  readonly gate?: FlowGate;
}

/** Takes the bytes of a capture file, in blocks of any size. */
export interface Dissector {
  push(block: Uint8Array): void;
  /**
   * The next bytes are another file of the same capture, later in time (a segment of a ring buffer, a capture taken up
   * again): conversations go on. Frame numbers do too; offsets of faults begin anew.
   * @returns frames of the files before (what to take off a later frame number to have that of its own file), and flows:
   * one with a lower index began before this file
   */
  nextFile(): FileStart;
  /** What is known of a conversation that is still open. `index` as in the runs that were handed on. */
  flowSoFar(index: number): DissectedFlow;
  /** No more bytes: hands on what is open and sums up. */
  finish(): DissectionSummary;
}

/** A conversation nobody recognised counts as readable when this share of its first bytes is printable. */
const PRINTABLE_SHARE = 0.9;

/**
 * Capture bytes → frames → flows → messages and byte runs, handed to `sink` as they come. Pure: no files, no clock.
 * Memory is bounded by caps, each of which is told in the summary's faults or the flow's `incomplete`. A block, the run
 * object and the origin function are only looked at or valid during the call.
 * Frame numbers are Wireshark's. What is damaged never throws: it is a fault in the summary.
 */
export function createDissector(sink: DissectionSink, options: DissectorOptions = {}): Dissector {
  return new CaptureDissector(sink, options);
}

class CaptureDissector implements Dissector, PacketReceiver {
  private readonly faults = new FaultLog();
  private readonly table = new FlowTable();
  private readonly out: Emitter;
  private file: CaptureFile;
  private fileNumber = 0;
  private framesBefore = 0;
  private format: DissectionSummary['format'] = null;
  private readonly link = new LinkLayer();
  private readonly network: Network;
  private readonly tcp: TcpFlows;
  private readonly udp: UdpFlows;
  private readonly sctp: SctpFlows;
  private readonly eap: EapOverLan;
  private readonly links = new LinkTally();
  private readonly wlan = new WlanFragments(
    (frame) => this.links.note('fragment', frame),
    () => this.out.fault('cap-fragments', 'too many incomplete 802.11 frames: the oldest was given up'),
  );
  private readonly steps = new ClockSteps();
  private firstUs = Number.NaN;
  private lastUs = Number.NaN;
  private cutPackets = 0;
  private cutFrame = 0;
  private packets = 0;
  private readonly keys: ProvidedKeys;
  private readonly hasKeyLog: boolean;
  private readonly knowsOwnSecrets: boolean;
  private readonly takeSecrets: ((type: number, bytes: Uint8Array) => void) | null;

  constructor(sink: DissectionSink, options: DissectorOptions) {
    const out = new Emitter(
      sink,
      this.table,
      this.faults,
      (d, position) => new Recogniser(out, d, position),
      options.horizon ?? LOOKS_AT_ONCE,
    );
    this.out = out;
    this.keys = provideKeys(
      out,
      (inner) => (d, position) => new Recogniser(inner, d, position),
      options.ownSecrets ?? options.keyLog,
    );
    this.hasKeyLog = options.keyLog !== undefined;
    this.knowsOwnSecrets = options.ownSecrets !== undefined;
    const limits = {
      idleTimeoutUs: (options.idleTimeoutMs ?? 600_000) * 1000,
      maxConnections: options.maxConnections ?? 50_000,
    };
    const rowAdded = (): void => {
      this.tcp.rowAdded();
      options.gate?.begunUs.push(this.out.us);
    };
    this.tcp = new TcpFlows(out, limits, rowAdded, (row) => this.emitFlow(row));
    this.udp = new UdpFlows(out, rowAdded);
    this.sctp = new SctpFlows(out, rowAdded);
    this.eap = new EapOverLan(out, rowAdded, options.gate ?? null);
    this.network = new Network(out, this.tcp, this.udp, this.sctp, options.gate ?? null);
    this.file = new CaptureFile(this);
    this.takeSecrets = options.secrets ?? null;
  }

  push(block: Uint8Array): void {
    this.file.push(block);
  }

  nextFile(): FileStart {
    this.endFile();
    this.file = new CaptureFile(this);
    this.fileNumber += 1;
    this.framesBefore = this.out.frame;
    return { framesBefore: this.out.frame, flowsBefore: this.table.count };
  }

  private endFile(): void {
    this.file.finish();
    const step = this.steps.endFile();
    if (step !== null) this.faults.addClockStep(this.fileNumber, step);
    this.format ??= this.file.formatName;
  }

  packet(b: Uint8Array, start: number, end: number, wireLength: number, linkType: number, us: number): void {
    const out = this.out;
    out.frame++;
    this.packets++;
    // A simple packet block has no time: that of the packet before it stands in.
    if (us === us) {
      out.us = us;
      this.steps.take(us, out.frame);
      if (!(us >= this.firstUs)) this.firstUs = us;
      if (!(us <= this.lastUs)) this.lastUs = us;
    }
    this.links.count(linkType, out.frame);
    const isCut = end - start < wireLength;
    if (isCut && this.cutPackets++ === 0) this.cutFrame = out.frame;
    const link = this.link;
    let result = link.decode(linkType, b, start, end, start + wireLength);
    for (;;) {
      if (result === 'fragment') this.fragment(b);
      else this.aboveLink(result, b, isCut);
      if (link.next === 0) return;
      result = link.decodeNext(b);
    }
  }

  private aboveLink(result: LinkResult, b: Uint8Array, isCut: boolean): void {
    const { link } = this;
    if (result === 'ip4') this.network.packet(4, b, link.offset, link.end, link.wireEnd);
    else if (result === 'ip6') this.network.packet(6, b, link.offset, link.end, link.wireEnd);
    else if (result === 'eapol') this.eap.take(b, link);
    // That a header was cut by the snapshot length is told with the packet.
    else if (result !== 'other' && !(isCut && result === 'cut')) this.links.note(result, this.out.frame);
  }

  private fragment(b: Uint8Array): void {
    const { link, out } = this;
    const whole = this.wlan.add(link, b, out.frame, out.us);
    if (whole === null) return;
    const { receiver, sender, body } = WlanFragments;
    const { bytes, carried } = whole;
    if (!out.carriers.begin(bytes, carried, out.frame)) out.fault('cap-fragments', FRAMES_FORGOTTEN);
    this.aboveLink(link.decodeWlanBody(bytes, receiver, sender, body), bytes, false);
    out.carriers.current = null;
  }

  numberedRecord(): void {
    this.out.frame++;
    this.packets++;
  }

  secrets(type: number, bytes: Uint8Array): void {
    if (this.takeSecrets !== null) this.takeSecrets(type, bytes);
    else if (type === TLS_KEY_LOG) {
      if (!this.knowsOwnSecrets) this.keys.log.add(bytes);
    } else this.out.fault('secrets-present', 'the file holds keys to decrypt its content; they were not used');
  }

  fileFault(code: string, detail: string, offsetBytes: number): void {
    const frame = this.out.frame === this.framesBefore ? null : this.out.frame;
    this.faults.addOfFile(this.fileNumber, code, detail, frame, offsetBytes);
  }

  finish(): DissectionSummary {
    this.endFile();
    this.tcp.finish();
    this.udp.finish();
    this.sctp.finish();
    this.network.finish();
    this.wlan.finish();
    for (let row = 0; row < this.table.count; row++) this.emitFlow(row);
    this.sumUpFaults();
    return {
      format: this.format,
      packets: this.packets,
      tcpFlows: this.tcp.flows,
      udpFlows: this.udp.flows,
      firstUs: Number.isNaN(this.firstUs) ? null : this.firstUs,
      lastUs: Number.isNaN(this.lastUs) ? null : this.lastUs,
      linkTypes: this.links.linkTypes(),
      faults: this.faults.list(),
    };
  }

  private sumUpFaults(): void {
    if (this.cutPackets > 0) {
      const detail = 'packets were cut short when they were captured';
      this.faults.addMany('snaplen', detail, this.cutFrame, null, this.cutPackets);
    }
    this.links.sumUp(this.faults);
    const { log } = this.keys;
    if (log.capped)
      this.faults.addMany('cap-secrets', 'more secrets of TLS sessions than are kept', null, null, log.counts.dropped);
    if (this.hasKeyLog && log.sessions === 0)
      this.faults.add('key-log-unused', `${log.size} secrets, none of a session in this capture`, null, null);
  }

  flowSoFar(index: number): DissectedFlow {
    return this.describe(index);
  }

  private emitFlow(row: number): void {
    if (this.table.close(row)) this.out.sink.flow(this.describe(row));
  }

  private describe(row: number): DissectedFlow {
    const table = this.table;
    const client = table.clientSide(row) === 1 ? 1 : 0;
    const server = 1 - client;
    const pair = (column: Uint32Array | Float64Array): [number, number] => [
      column[row * 2 + client] as number,
      column[row * 2 + server] as number,
    ];
    return {
      index: row,
      streamIndex: table.streamIndex[row] as number,
      transport: transportOf(table.protocol(row)),
      clientAddress: table.address(row, client),
      clientPort: table.port(row, client),
      serverAddress: table.address(row, server),
      serverPort: table.port(row, server),
      serverNames: table.namesOf(row),
      application: applicationName(table.application[row] as number),
      channel: CHANNELS[table.channel[row] as number] ?? 'unknown',
      firstUs: table.firstUs[row] as number,
      lastUs: table.lastUs(row),
      packets: pair(table.packets),
      payloadBytes: pair(table.payload),
      readableBytes: [this.readable(row, client), this.readable(row, server)],
      looks: this.looks(row, client),
      incomplete: table.reasonsOf(row),
      ...(table.hasStrayFrames(row) ? { strayFrames: true } : {}),
    };
  }

  private readable(row: number, side: number): number {
    const table = this.table;
    const at = row * 2 + side;
    const figures = table.channel[row] === 0 ? this.out.sampler.figures(at) : null;
    if (figures !== null && figures.printableShare < PRINTABLE_SHARE) return 0;
    return table.readable[at] as number;
  }

  /** What the bytes of a conversation look like that nobody recognised; null for the others. */
  private looks(row: number, client: 0 | 1): DissectedFlow['looks'] {
    if (this.table.channel[row] !== 0) return null;
    const { sampler } = this.out;
    return [sampler.figures(row * 2 + client), sampler.figures(row * 2 + 1 - client)];
  }
}
