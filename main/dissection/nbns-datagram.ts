import { u16, u8 } from './bytes.ts';
import type { DatagramParser, DatagramProtocol } from './datagram-protocol.ts';
import { handDatagramText, type TextPiece } from './decoded-text.ts';
import { type DnsLabel, NameReader } from './dns-name-reader.ts';
import type { Emitter } from './emitter.ts';
import type { Way } from './sink.ts';

const MAX_RECORDS = 64;
const NAME_BYTES = 16;
/** RFC 1002, 4.2.1.3. */
const TYPES: Readonly<Record<number, string>> = { 32: 'NB', 33: 'NBSTAT' };
/** RFC 1002, 4.2.1.1. */
const OPERATIONS: Readonly<Record<number, string>> = {
  0: 'query',
  5: 'registration',
  6: 'release',
  7: 'wait',
  8: 'refresh',
};

interface NbnsName {
  readonly text: string;
  readonly type: string;
  readonly label: DnsLabel;
}

/**
 * First-level encoding (RFC 1001, 14.1): each half byte of a 16-byte name as a letter from `A`. The last byte tells the kind
 * of name and is left out, as is what pads it.
 */
export function decodeNetbiosName(encoded: string): string | null {
  if (encoded.length !== NAME_BYTES * 2 || !/^[A-P]+$/.test(encoded)) return null;
  let text = '';
  for (let i = 0; i < NAME_BYTES * 2 - 2; i += 2) {
    text += String.fromCharCode(((encoded.charCodeAt(i) - 65) << 4) | (encoded.charCodeAt(i + 1) - 65));
  }
  return text.replace(/[\0 ]+$/, '');
}

interface NbnsNames {
  readonly names: readonly NbnsName[];
  /** It holds more questions or records than are read. */
  readonly capped: boolean;
}

/** Names that a NetBIOS name service message asks for or tells; null when it is none. */
function namesOf(b: Uint8Array, start: number, end: number): NbnsNames | null {
  if (end - start < 12) return null;
  const questions = u16(b, start + 4);
  const records = u16(b, start + 6) + u16(b, start + 8) + u16(b, start + 10);
  const reader = new NameReader(b, start, end);
  const found: NbnsName[] = [];
  let at = start + 12;
  for (let i = 0; i < questions + records; i++) {
    reader.read(at);
    const head = reader.end;
    const label = reader.labels[0];
    if (!reader.ok || head + 4 > end) return i === 0 ? null : { names: found, capped: false };
    if (i === MAX_RECORDS) return { names: found, capped: true };
    const text = label === undefined ? null : decodeNetbiosName(label.text);
    const own = label !== undefined && label.from > at && label.to < head;
    if (text !== null && label !== undefined && own) {
      found.push({ text, type: TYPES[u16(b, head)] ?? `TYPE${u16(b, head)}`, label });
    }
    at = i < questions ? head + 4 : head + 10 + u16(b, head + 8);
  }
  return { names: found, capped: false };
}

/** NetBIOS name service (RFC 1002): the names are handed on decoded as well. */
class NbnsDatagrams implements DatagramParser {
  private readonly out: Emitter;

  constructor(out: Emitter) {
    this.out = out;
  }

  take(row: number, side: 0 | 1, way: Way, b: Uint8Array, start: number, end: number): void {
    const { out } = this;
    const read = namesOf(b, start, end);
    const names = read?.names ?? [];
    const [name] = names;
    if (read === null) out.note(row, 'malformed');
    else if (read.capped) {
      out.note(row, 'cap-message');
      out.fault('cap-message', 'a NetBIOS message holds more names than are read');
    }
    if (name === undefined) {
      out.datagram(row, side, way, b, start, end, false, null);
      return;
    }
    const message = out.newMessage();
    out.datagram(row, side, way, b, start, end, false, () => ({ field: 'nbns', message }));
    const field = 'nbns.name';
    const pieces = names.map(({ text, label }): TextPiece => ({
      text: `${text}\n`,
      from: label.from - start,
      to: label.to - start,
      field,
      message,
    }));
    handDatagramText(out, row, side, pieces, ['netbios']);
    const flags = u8(b, start + 2);
    out.message(row, way, message, out.frame, out.us, 'nbns', {
      operation: OPERATIONS[(flags >>> 3) & 15] ?? 'other',
      response: (flags & 0x80) !== 0,
      name: name.text,
      type: name.type,
    });
  }
}

export const nbns: DatagramProtocol = {
  application: 'nbns',
  channel: 'cleartext',
  ports: [137],
  recognises: () => false,
  parser: (out) => new NbnsDatagrams(out),
};
