import { epochOnHandset } from '../handset-time.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { projectionOf, readContentRows } from './content-rows.ts';

/** android.provider.Telephony.TextBasedSmsColumns, MESSAGE_TYPE_*. */
export const boxes: Readonly<Record<string, string>> = {
  '1': 'received',
  '2': 'sent',
  '3': 'draft',
  '4': 'outbox',
  '5': 'failed',
  '6': 'queued',
};

/** Numbers up to this many digits belong to services; longer ones to persons, and are shown in part. The raw output has them whole. */
const serviceDigits = 6;

/** `content query` of the list of text messages: one fact a message, the texts were not asked for. */
export function parseMessageLog({ text, command, context }: FormatInput, sink: ParseSink): void {
  const columns = projectionOf(command);
  if (columns === null) return sink.limit('no-projection');
  for (const row of readContentRows(text, columns, sink)) {
    const type = said(row.columns.get('type'));
    if (type === null) {
      sink.skip(row.line, row.body.slice(0, 200), 'no-message');
      continue;
    }
    const number = said(row.columns.get('address'));
    const centre = said(row.columns.get('service_center'));
    const protocol = said(row.columns.get('protocol'));
    const value = [
      number === null ? '' : inPart(number),
      centre === null ? '' : `service_center=${centre}`,
      protocol === null ? '' : `protocol=${protocol}`,
    ];
    sink.add({
      kind: 'fact',
      topic: 'message',
      package: null,
      name: boxes[type] ?? `type ${type.slice(0, 20)}`,
      value: sink.value(value.filter((part) => part !== '').join(' ')),
      atHandset: epochOnHandset(Number(said(row.columns.get('date')) ?? Number.NaN), context.handsetClock),
    });
  }
}

function said(cell: string | undefined): string | null {
  return cell === undefined || cell === '' || cell === 'NULL' ? null : cell;
}

/** A service's number or name as it is, a person's number in part. */
export function inPart(address: string): string {
  const digits = address.replaceAll(/\D/g, '').length;
  if (digits <= serviceDigits || /[A-Za-z]/.test(address)) return address;
  return `${address.slice(0, 4)}${'•'.repeat(Math.max(1, address.length - 6))}${address.slice(-2)}`;
}
