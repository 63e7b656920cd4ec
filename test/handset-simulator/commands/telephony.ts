import { complain, say } from '../shell/command.ts';
import type { CommandContext, CommandTable } from '../shell/command.ts';

/** A string16 in a parcel: length in characters, UTF-16LE, a terminating 0, padded to four bytes. */
function string16(text: string): Buffer {
  const characters = Buffer.from(`${text}\0`, 'utf16le');
  const padded = Buffer.alloc(Math.ceil(characters.length / 4) * 4);
  characters.copy(padded);
  const length = Buffer.alloc(4);
  length.writeInt32LE(text.length);
  return Buffer.concat([length, padded]);
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

/** A reply without exception that holds one string; null is length -1. */
export function stringReply(text: string | null): Buffer {
  return Buffer.concat([int32(0), text === null ? int32(-1) : string16(text)]);
}

/** The reply of a SecurityException: code -1 and its message. Since 9 a stack trace size follows. */
export function exceptionReply(message: string, release: number): Buffer {
  return Buffer.concat([int32(-1), string16(message), ...(release >= 900 ? [int32(0)] : [])]);
}

function printable(bytes: Uint8Array): string {
  return [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
}

/** How `service call` prints a parcel: words of four bytes, sixteen bytes a row, then the bytes as characters. */
export function formatParcel(parcel: Buffer): string {
  const word = (at: number): string => parcel.readUInt32LE(at).toString(16).padStart(8, '0');
  const wordsOf = (from: number, to: number): string[] => {
    const words: string[] = [];
    for (let at = from; at < to; at += 4) words.push(word(at));
    return words;
  };
  if (parcel.length <= 16) {
    const words = wordsOf(0, parcel.length);
    return `Result: Parcel(${words.join(' ')}${' '.repeat(5 - words.length)}'${printable(parcel)}')\n`;
  }
  const rows: string[] = [];
  for (let from = 0; from < parcel.length; from += 16) {
    const to = Math.min(from + 16, parcel.length);
    const words = wordsOf(from, to).join(' ').padEnd(35);
    rows.push(
      `  0x${from.toString(16).padStart(8, '0')}: ${words} '${printable(parcel.subarray(from, to)).padEnd(16)}'`,
    );
  }
  return `Result: Parcel(\n${rows.join('\n')})\n`;
}

/**
 * `iphonesubinfo.json`: what the numbers of this release mean; `4/1` is number 4 asked with `i32 1`, of a slot or a card. `refused` is the message of the
 * exception for callers that are not root.
 */
interface SubscriberTable {
  readonly values: Readonly<Record<string, string | null>>;
  readonly refused?: string;
}

function serviceCall({ args, device, io, root }: CommandContext): Promise<number> {
  const [verb, name, number, type, whose] = args;
  if (verb === 'list') return say(io, device.text('service-list.txt') ?? 'Found 0 services:\n');
  if (verb === 'check') {
    const found = device.folder.names('dumpsys').includes(`${name ?? ''}.txt`) || name === 'iphonesubinfo';
    return say(io, `Service ${name ?? ''}: ${found ? 'found' : 'not found'}\n`);
  }
  if (verb !== 'call' || name === undefined || number === undefined) {
    return complain(io, 'service: Invalid arguments\n', 10);
  }
  if (name !== 'iphonesubinfo') return complain(io, `service: Service ${name} does not exist\n`, 10);
  const raw = device.text('iphonesubinfo.json');
  if (raw === null) return complain(io, `service: Service ${name} does not exist\n`, 10);
  const table = JSON.parse(raw) as SubscriberTable;
  if (table.refused !== undefined && !root) return say(io, formatParcel(exceptionReply(table.refused, device.release)));
  const ofOne = type === 'i32' && whose !== undefined;
  // A slot or card that is not there has no value, where the getter as such is there.
  const isKnown = ofOne && Object.keys(table.values).some((key) => key.startsWith(`${number}/`));
  const value = ofOne ? (table.values[`${number}/${whose}`] ?? (isKnown ? null : undefined)) : table.values[number];
  // A number that the service does not know leaves an empty reply.
  if (value === undefined) return say(io, "Result: Parcel(00000000    '....')\n");
  return say(io, formatParcel(stringReply(value)));
}

export const telephonyCommands: CommandTable = { service: serviceCall };
