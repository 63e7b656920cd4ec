import type { RecordRow } from '../../../shared/contract/exhibits.ts';

/** UTF-8 as a string of one character a byte, as `atob` gives stored bytes: so that places in it are offsets. */
export function asByteString(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

/** What stands in the raw output where the record was read, one after the other: first whose it is, then what it says. */
export function needlesOf(record: RecordRow): readonly string[] {
  switch (record.kind) {
    case 'property':
    case 'setting':
      return [record.name];
    case 'package':
      return [`Package [${record.name}]`, record.name];
    case 'permission':
    case 'component':
      return [`Package [${record.package}]`, record.name];
    case 'app-op':
      return [record.package, record.op];
    case 'crash':
      return [record.exception ?? record.summary];
    case 'log':
      return [record.message];
    case 'identifier':
      // The name of an account is masked here; its type stands beside it.
      return [record.masked === true ? `type=${/\btype (\S+)$/.exec(record.method)?.[1] ?? ''}` : record.value];
    case 'event':
    case 'silent-sms':
      return [record.text];
    case 'fact':
      // Its text is masked here, and may stand there in hexadecimal: the number of the message leads to its row.
      if (record.topic === 'message-text') return [`_id=${record.name.split('/')[1] ?? ''}, date=`];
      return [record.package ?? '', record.name.slice(record.name.indexOf('/') + 1), record.value];
    case 'clock':
      return [];
  }
}

/**
 * Offset of the last needle that is found when each is looked for after the one before; a needle that is nowhere is passed over.
 * Null when none is found: the output writes it in another way. `bytes` is a byte string.
 */
export function placeIn(bytes: string, needles: readonly string[]): number | null {
  let place: number | null = null;
  for (const needle of needles) {
    if (needle === '') continue;
    const found = bytes.indexOf(asByteString(needle), place ?? 0);
    if (found !== -1) place = found;
  }
  return place;
}
