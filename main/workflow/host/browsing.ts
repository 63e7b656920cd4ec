import { readSync } from 'node:fs';
import type { RecordRow } from '../../../shared/contract/exhibits.ts';
import type { Page } from '../../../shared/contract/operation.ts';
import type { TrafficTotal } from '../../../shared/contract/traffic.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import type { IndexReader } from '../../evidence/readers/index-reader.ts';
import type { HostHandlers } from './host-protocol.ts';
import { eventInWords } from '../../report/recorded-words.ts';
import { sourceOfEvent } from '../../report/sections/gaps.ts';
import { reportWords } from '../../report/words.ts';
import { eventsOf } from '../case-events.ts';
import { readCase } from '../case-session.ts';
import { withIndex, withIndexAsItIs, withLastIndex } from '../current-index.ts';
import { listedRecord } from '../mask-accounts.ts';
import { describeFlow } from '../describe-flow.ts';
import { namedFindings } from '../named-findings.ts';
import { addEvent } from '../open-case.ts';
import { partsOf, withPart } from '../capture-parts.ts';
import { flowWithInstants, packetInstantsOf } from '../packet-instants.ts';
import { exhibitsAsRead } from '../query-case.ts';
import { clocksOf, withInstant } from '../record-instants.ts';
import { makersOf, withMeaning } from '../record-meanings.ts';
import type { HostContext } from './host-context.ts';
import { quickConduct } from './host-context.ts';

type Handlers = Pick<
  HostHandlers,
  | 'exhibits.list'
  | 'exhibits.get'
  | 'exhibits.attached'
  | 'exhibits.bytes'
  | 'records.list'
  | 'events.list'
  | 'events.add'
  | 'traffic.flow'
  | 'traffic.totals'
  | 'traffic.visibility'
>;

const everything = { label: null, run: null } as const;
const shownMessages = 2000;
const shownRecipients = 200;

export function browsingHandlers(context: HostContext): Handlers {
  return {
    'exhibits.list': ({ directory, after, limit, label, kind, acquisition }) =>
      withIndexAsItIs(directory, (reader, index) => {
        const all = exhibitsAsRead(reader, index, { label, run: null }).filter(
          (one) => (kind === null || one.kind === kind) && (acquisition === null || one.acquisition === acquisition),
        );
        return ok(pageOf(all, after, limit, (one: Exhibit) => one.id));
      }),
    'exhibits.get': ({ directory, exhibit }) =>
      readCase(directory, (reader) => {
        const found = reader.exhibit(exhibit);
        return found.ok ? ok(withPart(found.value, partsOf(reader.joinedCaptures()))) : found;
      }),
    'exhibits.attached': ({ directory, handset }) =>
      readCase(directory, (reader) =>
        ok(reader.exhibits({ handset }).filter(({ kind, acquisition }) => kind === 'file' && acquisition === null)),
      ),
    'exhibits.bytes': ({ directory, exhibit, offset, length }) =>
      readCase(directory, (reader) => {
        const opened = reader.openExhibit(exhibit);
        if (!opened.ok) return opened;
        try {
          const bytes = Buffer.alloc(length);
          const read = offset >= opened.value.bytes ? 0 : readSync(opened.value.fd, bytes, 0, length, offset);
          return ok({ exhibit, offset, base64: bytes.toString('base64', 0, read), totalBytes: opened.value.bytes });
        } finally {
          opened.value.close();
        }
      }),
    'records.list': ({ directory, after, limit, label, run, kind, exhibit, text }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), (reader, index) => {
        const filter = {
          label: label ?? undefined,
          run: run ?? undefined,
          kind: kind ?? undefined,
          exhibit: exhibit ?? undefined,
          text: text === null || text.trim() === '' ? undefined : text.trim(),
        };
        const rows = index.records(filter, { after: after === null ? undefined : Number(after), limit });
        const last = rows.at(-1);
        const makers = makersOf(index);
        const clockOf = clocksOf(reader, index);
        return ok<Page<RecordRow>>({
          rows: rows.map((row) =>
            withInstant(
              withMeaning(listedRecord(row, { names: false, texts: false }), makers, envelope.language),
              clockOf,
            ),
          ),
          next: rows.length < limit || last === undefined ? null : String(last.id),
          total: index.count('record', filter),
        });
      }),
    'events.list': ({ directory }, envelope) =>
      withIndex(directory, quickConduct(envelope), (reader, index) => {
        const words = reportWords(envelope.language);
        return ok(
          eventsOf(reader, index, everything).map((event) => ({
            ...event,
            text: eventInWords(event.text, words),
            source: sourceOfEvent(event, words),
          })),
        );
      }),
    'events.add': ({ directory, ...event }, envelope) => {
      const added = addEvent(directory, event, quickConduct(envelope));
      if (added.ok) context.changed('case', directory);
      return added;
    },
    'traffic.flow': ({ directory, flow: id }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), (reader, index) => {
        const flow = index.flow(id);
        if (flow === null) return fail('value-invalid', { what: 'flow', value: id });
        const messages = index
          .messages({ flow: id }, { limit: shownMessages + 1 })
          .map(({ id: _id, ...message }) => message);
        const shown = messages.slice(0, shownMessages);
        const findings = namedFindings(reader, index, { flow: id }, envelope.language);
        return ok({
          flow: flowWithInstants(flow, packetInstantsOf(reader, index)),
          messages: shown as never,
          truncated: messages.length > shownMessages,
          findings: findings.map(({ key, number, statement }) => ({ key, number, statement })),
          app: flow.app,
          destination: describeFlow(flow, shown, findings),
        });
      }),
    'traffic.totals': ({ directory }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), (_reader, index) => ok(trafficTotals(index))),
    'traffic.visibility': ({ directory }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), (_reader, index) => ok(index.visibility())),
  };
}

/** A page of a list that is in memory, by the key of its last row. */
export function pageOf<Row>(
  all: readonly Row[],
  after: string | null,
  limit: number,
  key: (row: Row) => string,
): Page<Row> {
  const start = after === null ? 0 : all.findIndex((row) => key(row) === after) + 1;
  const rows = all.slice(start, start + limit);
  const last = rows.at(-1);
  return { rows, next: last === undefined || start + limit >= all.length ? null : key(last), total: all.length };
}

/** The biggest recipients; the others summed under `*` per label and channel, so that nothing is missing. */
function trafficTotals(index: IndexReader): TrafficTotal[] {
  const found = new Map<string, number>();
  for (const { label, recipient, channel, findings } of index.findingsByRecipient()) {
    const key = JSON.stringify([label, recipient, channel]);
    found.set(key, (found.get(key) ?? 0) + findings);
  }
  const rows = index
    .trafficByRecipient()
    .map(({ label, recipient, channel, flows, bytesToServer, bytesToClient }): TrafficTotal => ({
      label,
      recipient,
      channel,
      flows,
      bytesToServer,
      bytesToClient,
      findings: found.get(JSON.stringify([label, recipient, channel])) ?? 0,
    }))
    .sort(
      (a, b) => b.findings - a.findings || b.bytesToServer - a.bytesToServer || (a.recipient < b.recipient ? -1 : 1),
    );
  const rest = new Map<string, TrafficTotal>();
  for (const row of rows.slice(shownRecipients)) {
    const key = JSON.stringify([row.label, row.channel]);
    const sum = rest.get(key);
    rest.set(key, {
      ...row,
      recipient: '*',
      flows: row.flows + (sum?.flows ?? 0),
      bytesToServer: row.bytesToServer + (sum?.bytesToServer ?? 0),
      bytesToClient: row.bytesToClient + (sum?.bytesToClient ?? 0),
      findings: row.findings + (sum?.findings ?? 0),
    });
  }
  return [...rows.slice(0, shownRecipients), ...rest.values()];
}
