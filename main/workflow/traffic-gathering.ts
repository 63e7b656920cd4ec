import type { Flow, Message } from '../../shared/model/traffic.ts';
import { isLocalBroadcast, staysLocal } from '../analysis/destinations/address-kind.ts';
import type { PlacedHit } from '../analysis/detectors/finding-input.ts';
import { maxProposals, proposalsIn } from '../analysis/detectors/identifier-proposed.ts';
import { isServiceMessage } from '../analysis/detectors/service-signals.ts';
import type { CaptureSight } from '../analysis/visibility/measure-visibility.ts';
import { isCanary } from '../analysis/visibility/measure-visibility.ts';
import type { Hit } from '../analysis/search/hit.ts';
import { type DissectedFlow, type DissectedMessage, type FileStart, frameOfWhole } from '../dissection/sink.ts';
import type { IndexBuilder } from '../evidence/index-builder.ts';
import type { CaptureBatch, CaptureDone } from './capture-job.ts';
import { CaptureParts } from './capture-parts.ts';
import type { WholeCapture } from './capture-parts.ts';
import type { Gap } from './gaps.ts';
import { faultGap, gap } from './gaps.ts';
import type { CapturedCanary } from './handset-events.ts';
import { canaryNonce } from './handset-events.ts';
import { instantOfUs } from './instants.ts';
import { clockStepKey } from './clock-step-note.ts';
import type { OwnSecretsNote } from './own-secrets-note.ts';

/** DNS answers kept for naming addresses: bounded, since a hostile capture may answer without end. */
const maxAnswers = 200_000;

interface PendingHit {
  readonly hit: Hit;
  readonly flow: number;
}

/**
 * Takes what the capture workers send, in capture order: writes flows and messages into the index as they come and keeps
 * only what judging needs. Flow ids count over all captures in the order of their first packet.
 */
export class TrafficGathering {
  readonly gaps: Gap[] = [];
  readonly canaries: CapturedCanary[] = [];
  readonly hits: PlacedHit[] = [];
  /** Conversations that hold a hit or that a rule looks at. */
  readonly flows: Flow[] = [];
  /** Messages that hold a hit, DNS answers, and openings of the messaging service's stream. */
  readonly messages: Message[] = [];
  /** By flow id, of conversations with DNS answers that went to one client: its address. */
  readonly answeredTo = new Map<number, string>();
  readonly sights: CaptureSight[] = [];
  /** The positive controls that the captures hold. */
  readonly canaryRequests: Message[] = [];
  readonly bytesSearched = new Map<string, number>();
  /** By exhibit: how far the times of its packets stepped back, in microseconds; of those where they did. */
  readonly clockSteps = new Map<string, number>();
  readonly ownSecrets: OwnSecretsNote[] = [];
  flowCount = 0;
  messageCount = 0;
  readonly #captures: readonly CaptureParts[];
  readonly #builder: IndexBuilder;
  /** Of the capture being read: id of its first flow, highest flow index, and payload sums over its flows. */
  #base = 0;
  #flowsOfCapture = 0;
  #payloadBytes = 0;
  #readableBytes = 0;
  /** Of the capture being read: why its conversations are not whole, with how many of them. */
  readonly #incomplete = new Map<string, number>();
  /** Of the capture being read: ids in the index by message number; a hit names its message by that. */
  #messageIds = new MessageIds();
  /** Of flows that are still open: hits whose message is not placed yet. */
  readonly #openHits = new Map<number, PendingHit[]>();
  /** Of flows that are still open: id of the first certificate that could be seen. */
  readonly #certificates = new Map<number, number>();
  /** Flow ids of DNS answers whose conversation is still open. */
  readonly #answerFlows = new Set<number>();
  /** Flow ids of messages that a rule looks at. */
  readonly #ruleFlows = new Set<number>();
  /** Of the capture being read: values like identifiers in its requests, each kept at its first message; listed ones too. */
  readonly #proposed = new Set<string>();
  #answers = 0;

  constructor(captures: readonly WholeCapture[], builder: IndexBuilder) {
    this.#captures = captures.map((one) => new CaptureParts(one));
    this.#builder = builder;
  }

  take(input: number, batch: CaptureBatch): void {
    const parts = this.#parts(input);
    for (const hit of batch.hits) {
      const pending = this.#openHits.get(hit.flow) ?? [];
      pending.push({ hit, flow: this.#base + hit.flow });
      this.#openHits.set(hit.flow, pending);
    }
    const messages = batch.messages.map((message) => {
      const placed = toMessage(message, this.#base + message.flow, parts);
      this.#learn(parts, message, placed);
      return placed;
    });
    const firstId = this.#builder.insertMessages(messages);
    batch.messages.forEach(({ index, flow, kind }, i) => {
      this.#messageIds.set(index, firstId + i);
      const conversation = this.#base + flow;
      if (kind === 'tls-certificate' && !this.#certificates.has(conversation))
        this.#certificates.set(conversation, firstId + i);
    });
    const flows = batch.flows.map((flow) => {
      const placed = toFlow(flow, this.#base + flow.index, parts);
      this.#endFlow(flow, placed, parts);
      return placed;
    });
    this.#builder.insertFlows(flows);
    this.messageCount += messages.length;
    this.#flowsOfCapture += flows.length;
  }

  /** The next file of a capture of several begins. */
  beginFile(input: number, start: FileStart): void {
    this.#parts(input).begin(start);
  }

  /** The capture is read: the next one's flows are numbered after its own. */
  finish(input: number, done: CaptureDone): void {
    this.#note(this.#parts(input), done);
    this.flowCount += this.#flowsOfCapture;
    this.#base = this.flowCount;
    this.#flowsOfCapture = 0;
    this.#messageIds = new MessageIds();
    this.#openHits.clear();
    this.#certificates.clear();
    this.#payloadBytes = 0;
    this.#readableBytes = 0;
    this.#incomplete.clear();
    this.#proposed.clear();
  }

  /** A conversation ends after its last message and hit: what no hit lies in is let go. */
  #endFlow(flow: DissectedFlow, placed: Flow, parts: CaptureParts): void {
    this.#payloadBytes += flow.payloadBytes[0] + flow.payloadBytes[1];
    this.#readableBytes += flow.readableBytes[0] + flow.readableBytes[1];
    for (const reason of flow.incomplete) this.#incomplete.set(reason, (this.#incomplete.get(reason) ?? 0) + 1);
    // What is multicast or broadcast is answered to everybody.
    if (this.#answerFlows.delete(placed.id) && !staysLocal(placed.server.address) && !isLocalBroadcast(placed))
      this.answeredTo.set(placed.id, placed.client.address);
    const hits = this.#openHits.get(flow.index) ?? [];
    this.#openHits.delete(flow.index);
    const kept = new Map<number, Message>();
    for (const { hit, flow: id } of hits) {
      const number = hit.origin.message;
      const messageId = number === null ? 0 : this.#messageIds.get(number);
      const message = messageId === 0 ? null : (kept.get(messageId) ?? this.#builder.message(messageId));
      if (message !== null) kept.set(messageId, message);
      const frames = hit.origin.frames.map((frame) => parts.placeOf(frame));
      const exhibit = frames[0]?.exhibit ?? parts.first.id;
      const whole = parts.placeOf(frameOfWhole(hit.origin));
      // A key names a packet of one exhibit, that of the first one.
      const keyFrame = whole.exhibit === exhibit ? whole.frame : (frames[0]?.frame ?? 0);
      this.hits.push({ hit, exhibit, flow: id, message, ...(parts.isJoined ? { frames, keyFrame } : {}) });
    }
    // A message that a rule looks at is there already.
    for (const message of kept.values()) if (!isServiceMessage(message)) this.messages.push(message);
    const certificate = this.#certificates.get(placed.id);
    this.#certificates.delete(placed.id);
    if (hits.length === 0 && !this.#ruleFlows.delete(placed.id)) return;
    this.flows.push(placed);
    const shown = certificate === undefined ? null : this.#builder.message(certificate);
    if (shown?.kind !== 'tls-certificate') return;
    const { chain: _chain, ...named } = shown;
    this.messages.push(named);
  }

  #parts(input: number): CaptureParts {
    const parts = this.#captures[input];
    if (parts === undefined) throw new Error(`no capture ${input}`);
    return parts;
  }

  /** Keeps the first message of each value that looks like an identifier, for the rule that proposes them. */
  #propose(placed: Message): void {
    if (this.#proposed.size > maxProposals) return;
    const fresh = proposalsIn(placed).filter(({ kind, value }) => !this.#proposed.has(`${kind} ${value}`));
    if (fresh.length === 0) return;
    for (const { kind, value } of fresh) this.#proposed.add(`${kind} ${value}`);
    // What is listed counts too: the rule's own bound cannot bite before this one.
    if (this.#proposed.size > maxProposals) this.gaps.push(gap('proposals-limit', { count: maxProposals }));
    if (!isServiceMessage(placed)) this.messages.push(placed);
    this.#ruleFlows.add(placed.flow);
  }

  #learn({ first: exhibit }: CaptureParts, message: DissectedMessage, placed: Message): void {
    if (isServiceMessage(placed)) {
      this.messages.push(placed);
      this.#ruleFlows.add(placed.flow);
    }
    this.#propose(placed);
    if (placed.kind === 'dns-answer') {
      this.#answers += 1;
      if (this.#answers <= maxAnswers) {
        this.messages.push(placed);
        this.#answerFlows.add(placed.flow);
      } else if (this.#answers === maxAnswers + 1) this.gaps.push(gap('answers-limit', { count: maxAnswers }));
    }
    if (isCanary(placed)) this.canaryRequests.push(placed);
    const nonce = placed.kind === 'http-request' ? canaryNonce(placed.uri) : null;
    if (nonce !== null) this.canaries.push({ label: exhibit.label, run: exhibit.run, nonce, atUs: message.atUs });
  }

  #note(parts: CaptureParts, done: CaptureDone): void {
    const { summary, search, reads, ownSecrets } = done;
    const { first, exhibits } = parts;
    // Chance is judged over the whole recording.
    for (const { id } of exhibits) this.bytesSearched.set(id, search.bytesSearched);
    const caps = search.capsBitten.map(({ cap, count }) => ({ code: cap, detail: '', count }));
    for (const fault of summary.faults) {
      const { code, detail, count, offsetBytes } = fault;
      const { exhibit, frame } = parts.ofFault(fault);
      this.#builder.insertFaults([{ exhibit: exhibit.id, code, offsetBytes, frame, count, detail }]);
      this.gaps.push(faultGap(exhibit, fault));
    }
    // Of files that are one recording nobody knows in which of them the clock was right.
    const stepUs = Math.max(0, ...summary.faults.map(({ backUs }) => backUs ?? 0));
    if (stepUs > 0)
      for (const { id } of exhibits) {
        this.clockSteps.set(id, stepUs);
        this.#builder.insertMeta(clockStepKey(id), stepUs);
      }
    for (const { code, count } of caps) {
      const fault = { exhibit: first.id, code, offsetBytes: null, frame: null, count, detail: 'search' };
      this.#builder.insertFaults([fault]);
      this.gaps.push(faultGap(first, { code, detail: '', count }));
    }
    ownSecrets.forEach((places, file) => this.ownSecrets.push({ exhibit: parts.exhibitOfFile(file).id, places }));
    reads.forEach(({ compressionFault }, file) => {
      if (compressionFault !== null)
        this.gaps.push(faultGap(parts.exhibitOfFile(file), { ...compressionFault, count: 1 }));
    });
    const told = new Set([...summary.faults, ...caps].map(({ code }) => code));
    const incomplete = [...this.#incomplete].filter(([code]) => !told.has(code));
    this.sights.push({
      exhibit: first,
      ...(parts.isJoined ? { others: exhibits.slice(1) } : {}),
      firstUs: summary.firstUs,
      lastUs: summary.lastUs,
      payloadBytes: this.#payloadBytes,
      readableBytes: this.#readableBytes,
      gaps: [
        ...summary.faults.map(({ code, count }) => ({ code, count })),
        ...caps.map(({ code, count }) => ({ code, count })),
        ...incomplete.map(([code, count]) => ({ code, count })),
      ],
    });
  }
}

/** Four bytes a message, however many there are: message number → id in the index, 0 for none. */
class MessageIds {
  #ids = new Int32Array(1024);

  set(number: number, id: number): void {
    if (number >= this.#ids.length) {
      const larger = new Int32Array(Math.max(number + 1, this.#ids.length * 2));
      larger.set(this.#ids);
      this.#ids = larger;
    }
    this.#ids[number] = id;
  }

  get(number: number): number {
    return this.#ids[number] ?? 0;
  }
}

function toFlow(flow: DissectedFlow, id: number, parts: CaptureParts): Flow {
  const { exhibit, capture } = parts.ofFlow(flow.index);
  return {
    id,
    exhibit: exhibit.id,
    label: exhibit.label,
    transport: flow.transport,
    client: { address: flow.clientAddress, port: flow.clientPort },
    server: { address: flow.serverAddress, port: flow.serverPort },
    serverNames: flow.serverNames,
    application: flow.application,
    channel: flow.channel,
    firstPacketAt: instantOfUs(flow.firstUs),
    lastPacketAt: instantOfUs(flow.lastUs),
    packets: { toServer: flow.packets[0], toClient: flow.packets[1] },
    payloadBytes: { toServer: flow.payloadBytes[0], toClient: flow.payloadBytes[1] },
    app: null,
    streamIndex: flow.streamIndex,
    ...(capture === undefined ? {} : { capture }),
    incomplete: flow.incomplete,
    ...(flow.strayFrames === true ? { strayFrames: true } : {}),
    ...looksOf(flow),
  };
}

/** Nothing is called encrypted because it is not understood: figures are told instead. */
function looksOf(flow: DissectedFlow): Pick<Flow, 'entropyBitsPerByte' | 'printableShare' | 'sampledBytes'> {
  const [up, down] = flow.looks ?? [null, null];
  if (up === null && down === null) return {};
  return {
    entropyBitsPerByte: { toServer: up?.entropyBitsPerByte ?? null, toClient: down?.entropyBitsPerByte ?? null },
    printableShare: { toServer: up?.printableShare ?? null, toClient: down?.printableShare ?? null },
    sampledBytes: { toServer: up?.sampledBytes ?? 0, toClient: down?.sampledBytes ?? 0 },
  };
}

/** The kind decides the fields; dissection gives exactly those of shared/model/traffic.ts. */
function toMessage(message: DissectedMessage, flowId: number, parts: CaptureParts): Message {
  const { exhibit, frame } = parts.placeOf(message.frame);
  return {
    flow: flowId,
    exhibit,
    kind: message.kind,
    at: instantOfUs(message.atUs),
    frame,
    ...message.fields,
  } as unknown as Message;
}
