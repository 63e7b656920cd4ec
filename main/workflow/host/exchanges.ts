import type { ExchangeBytes } from '../../../shared/contract/exchange.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { withLastIndex } from '../current-index.ts';
import { ExchangeReading, placesOf } from '../exchange/read-exchange.ts';
import type { GatheredExchange } from '../exchange/exchange-job.ts';
import { detailedFindings } from '../named-findings.ts';
import { captureInput, wholeCaptures } from '../capture-parts.ts';
import { notedSecrets } from '../own-secrets-note.ts';
import { problemOfFailure } from '../store-failure.ts';
import type { HostHandlers } from './host-protocol.ts';
import { quickConduct } from './host-context.ts';

type Handlers = Pick<HostHandlers, 'exchange.open' | 'exchange.parts' | 'exchange.bytes' | 'exchange.stop'>;

/** The answer is given by then, whether all is read or not. */
const answerWithinMs = 400;
/** Conversations that are kept once read: going back to one is immediate. */
const kept = 3;

interface Entry {
  readonly generation: number;
  readonly reading: ExchangeReading;
}

/** Conversations read again from their exhibits, the newest last. Another one begun ends those still being read. */
export function exchangeHandlers(): Handlers {
  const entries = new Map<string, Entry>();
  const keyOf = (directory: string, flow: number): string => `${flow} ${directory}`;

  async function begin(key: string, entry: Entry): Promise<void> {
    for (const [other, { reading }] of entries) {
      if (other === key || reading.gathered === null || entries.size >= kept) {
        entries.delete(other);
        await reading.end();
      }
    }
    entries.set(key, entry);
  }

  function gathered(directory: string, flow: number): Result<GatheredExchange> {
    const found = entries.get(keyOf(directory, flow))?.reading.gathered ?? null;
    return found === null ? fail('value-invalid', { what: 'flow', value: String(flow) }) : ok(found);
  }

  return {
    'exchange.open': async ({ directory, flow }, envelope) => {
      const key = keyOf(directory, flow);
      const found = await withLastIndex(directory, quickConduct(envelope), async (reader, index) => {
        const { generation } = index.pointer;
        const known = entries.get(key);
        if (known?.generation === generation) return ok(known.reading);
        const wanted = index.flow(flow);
        if (wanted === null) return fail('value-invalid', { what: 'flow', value: String(flow) });
        const exhibit = reader.exhibit(wanted.exhibit);
        if (!exhibit.ok) return exhibit;
        const places = placesOf(detailedFindings(reader, index, { flow }, envelope.language));
        const all = reader.exhibits();
        const whole = wholeCaptures(all, reader.joinedCaptures()).find(({ exhibits }) =>
          exhibits.some(({ id }) => id === wanted.exhibit),
        ) ?? { joined: null, exhibits: [exhibit.value] as const };
        for (const { id } of whole.exhibits) {
          const opened = reader.openExhibit(id);
          if (!opened.ok) return opened;
          opened.value.close();
        }
        const { paths, bytes, keyLogs } = captureInput(reader, whole, all);
        const [first, ...others] = whole.exhibits;
        const exhibits = [first.id, ...others.map(({ id }) => id)] as const;
        const ownSecrets = notedSecrets(index, exhibits);
        const reading = new ExchangeReading({ paths, exhibits, keyLogs, ownSecrets, flow: wanted, places }, bytes);
        await begin(key, { generation, reading });
        return ok(reading);
      });
      if (!found.ok) return found;
      try {
        await found.value.wait(answerWithinMs);
      } catch (error) {
        entries.delete(key);
        return problemOfFailure(error, directory, 'read');
      }
      return ok(found.value.state());
    },
    'exchange.parts': ({ directory, flow, after, limit }) => {
      const found = gathered(directory, flow);
      return found.ok ? ok(found.value.parts.slice(after, after + limit)) : found;
    },
    'exchange.bytes': ({ directory, flow, stretch, offset, length }) => {
      const found = gathered(directory, flow);
      if (!found.ok) return found;
      const bytes = found.value.held[stretch] ?? new Uint8Array(0);
      const base64 = Buffer.from(bytes.subarray(offset, offset + length)).toString('base64');
      return ok<ExchangeBytes>({ stretch, offset, base64 });
    },
    'exchange.stop': ({ directory, flow }) => {
      entries.get(keyOf(directory, flow))?.reading.stop();
      return ok(null);
    },
  };
}
