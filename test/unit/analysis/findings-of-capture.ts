import { createDissector } from '../../../main/dissection/dissector.ts';
import type { DissectedFlow, DissectedMessage } from '../../../main/dissection/sink.ts';
import { makeFindings } from '../../../main/analysis/detectors/make-findings.ts';
import { createSearcher, type Hit } from '../../../main/analysis/search/searcher.ts';
import type { FindingDraft } from '../../../shared/model/finding.ts';
import type { PatternSet } from '../../../main/analysis/transforms/pattern-set.ts';
import { patternsOf } from './feeding.ts';

const samples = patternsOf();

/** What the whole way from the capture's bytes to the findings gives, for the samples of `feeding.ts` or another set. */
export function findingsIn(capture: Buffer, set: PatternSet = samples): FindingDraft[] {
  const hits: Hit[] = [];
  const flows: DissectedFlow[] = [];
  const messages: DissectedMessage[] = [];
  const searcher = createSearcher(set, (hit) => hits.push(hit));
  const dissector = createDissector(
    {
      run: searcher.run,
      endSequence: searcher.endSequence,
      message: (message) => messages.push(message),
      flow: (flow) => flows.push(flow),
    },
    { horizon: searcher.horizon },
  );
  dissector.push(capture);
  dissector.finish();
  searcher.finish();
  return makeFindings({
    patterns: set,
    exhibits: [{ id: 'E001', sha256: '0'.repeat(64), label: 'before', handset: 'H1', run: null }],
    flows: flows.map((flow) => ({
      id: flow.index,
      exhibit: 'E001',
      label: 'before',
      transport: flow.transport,
      client: { address: flow.clientAddress, port: flow.clientPort },
      server: { address: flow.serverAddress, port: flow.serverPort },
      serverNames: flow.serverNames,
      application: flow.application,
      channel: flow.channel,
      firstPacketAt: new Date(flow.firstUs / 1000).toISOString(),
      lastPacketAt: new Date(flow.lastUs / 1000).toISOString(),
      packets: { toServer: flow.packets[0], toClient: flow.packets[1] },
      payloadBytes: { toServer: flow.payloadBytes[0], toClient: flow.payloadBytes[1] },
      app: null,
      streamIndex: flow.streamIndex,
      incomplete: flow.incomplete,
      ...(flow.strayFrames === true ? { strayFrames: true } : {}),
    })),
    messages: [],
    hits: hits.map((hit) => ({ hit, exhibit: 'E001', flow: hit.flow, message: null })),
    events: [],
    records: [],
    bytesSearched: new Map([['E001', searcher.stats().bytesSearched]]),
    countries: null,
  });
}
