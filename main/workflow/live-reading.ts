import type { Hit } from '../analysis/search/hit.ts';
import { confidenceOf } from '../analysis/search/confidence.ts';
import type { PatternSet } from '../analysis/search/patterns.ts';
import { createSearcher } from '../analysis/search/searcher.ts';
import type { Searcher } from '../analysis/search/searcher.ts';
import { directionOf } from '../analysis/detectors/identifier-hits.ts';
import { createDissector } from '../dissection/dissector.ts';
import type { Dissector } from '../dissection/dissector.ts';
import type { FileStart } from '../dissection/sink.ts';
import type { LiveSight } from '../../shared/model/live-sight.ts';
import { instantOfUs } from './instants.ts';

/** Distinct sights told of one capture; further ones are counted. */
const maxSights = 1000;

/**
 * Dissects and searches a capture that is still arriving: each way in which an identifier goes to a host is told once, at its
 * first sight. Matches that are merely possible wait for the analysis.
 */
export class LiveReading {
  flows = 0;
  dropped = 0;
  readonly #seen = new Set<string>();
  readonly #onSight: (sight: LiveSight) => void;
  readonly #searcher: Searcher;
  readonly #dissector: Dissector;
  #start: FileStart = { framesBefore: 0, flowsBefore: 0 };
  #files = 0;

  constructor(patterns: PatternSet, onSight: (sight: LiveSight) => void) {
    this.#onSight = onSight;
    this.#searcher = createSearcher(patterns, (hit) => this.#tell(hit));
    this.#dissector = createDissector(
      {
        run: (run, source) => {
          if (run.flow >= this.flows) this.flows = run.flow + 1;
          this.#searcher.run(run, source);
        },
        endSequence: this.#searcher.endSequence,
        message: () => undefined,
        flow: () => undefined,
      },
      { horizon: this.#searcher.horizon },
    );
  }

  beginFile(): void {
    this.look();
    if (this.#files > 0) this.#start = this.#dissector.nextFile();
    this.#files += 1;
  }

  push(block: Uint8Array): void {
    this.#dissector.push(block);
  }

  /** Looks at everything pushed so far. */
  look(): void {
    this.#searcher.settle();
    this.#searcher.peek((hit) => this.#tell(hit));
  }

  finish(): void {
    this.look();
    this.#dissector.finish();
    this.#searcher.finish();
  }

  #tell(hit: Hit): void {
    const [owner] = hit.owners;
    if (owner === undefined) return;
    const confidence = confidenceOf(hit, this.#searcher.stats().bytesSearched);
    if (confidence === 'possible') return;
    const flow = this.#dissector.flowSoFar(hit.flow);
    const { clientAddress, serverAddress, application } = flow;
    const direction = directionOf(
      {
        client: { address: clientAddress, port: flow.clientPort },
        server: { address: serverAddress, port: flow.serverPort },
        application,
        transport: flow.transport,
        packets: { toServer: flow.packets[0], toClient: flow.packets[1] },
      },
      hit.way,
    );
    const host = flow.serverNames[0] ?? null;
    const { representation } = hit;
    const { channel } = hit.origin;
    // The address stands for the host: its name may be learnt only after the first sight.
    const key = [owner.id, representation, channel, direction, serverAddress].join(' ');
    if (this.#seen.has(key)) return;
    if (this.#seen.size >= maxSights) {
      this.dropped += 1;
      return;
    }
    this.#seen.add(key);
    const frame = (hit.origin.frames[0] ?? 0) - this.#start.framesBefore;
    this.#onSight({
      identifier: { id: owner.id, kind: hit.kind },
      handset: owner.handset,
      representation,
      transform: hit.transform,
      channel,
      direction,
      host,
      address: serverAddress,
      at: instantOfUs(hit.origin.atUs),
      frame,
      confidence,
    });
  }
}
