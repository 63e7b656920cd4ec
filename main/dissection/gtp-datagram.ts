import { textOf, u8 } from './bytes.ts';
import type { DatagramParser, DatagramProtocol } from './datagram-protocol.ts';
import { handDatagramText, namedValue } from './decoded-text.ts';
import type { Emitter } from './emitter.ts';
import { type GtpElement, type GtpMessage, readGtpMessages } from './gtp-elements.ts';
import { tbcdDigits } from './identity-codings.ts';
import type { Way } from './sink.ts';

/** 3GPP TS 29.060, 7.7.33: an address behind one byte of its nature. */
const V1_NATURE_BYTES = 1;

/** Message types of version 1 (3GPP TS 29.060, 7.1) and 2 (TS 29.274, 6.1) that open, change or close sessions; of others the number stands. */
const TYPES: Readonly<Record<1 | 2, Readonly<Record<number, string>>>> = {
  1: {
    1: 'echo-request',
    2: 'echo-response',
    16: 'create-pdp-context-request',
    17: 'create-pdp-context-response',
    18: 'update-pdp-context-request',
    19: 'update-pdp-context-response',
    20: 'delete-pdp-context-request',
    21: 'delete-pdp-context-response',
    48: 'identification-request',
    49: 'identification-response',
    50: 'sgsn-context-request',
    51: 'sgsn-context-response',
    53: 'forward-relocation-request',
  },
  2: {
    1: 'echo-request',
    2: 'echo-response',
    32: 'create-session-request',
    33: 'create-session-response',
    34: 'modify-bearer-request',
    35: 'modify-bearer-response',
    36: 'delete-session-request',
    37: 'delete-session-response',
    38: 'change-notification-request',
    95: 'create-bearer-request',
    96: 'create-bearer-response',
    128: 'identification-request',
    129: 'identification-response',
    130: 'context-request',
    131: 'context-response',
    133: 'forward-relocation-request',
  },
};

interface Identity {
  readonly kind: 'imsi' | 'msisdn' | 'imei';
  readonly digits: string;
  readonly element: GtpElement;
}

/** The digits of an element that is an identity: telephony BCD in both versions. */
function identityOf(b: Uint8Array, version: 1 | 2, element: GtpElement): Identity | null {
  const { type, from, to } = element;
  const v2 = version === 2;
  const kind =
    type === (v2 ? 1 : 2) ? 'imsi' : type === (v2 ? 76 : 134) ? 'msisdn' : type === (v2 ? 75 : 154) ? 'imei' : null;
  if (kind === null) return null;
  const skip = kind === 'msisdn' && !v2 ? V1_NATURE_BYTES : 0;
  const digits = tbcdDigits(b, from + skip, to);
  return digits === null ? null : { kind, digits, element: { type, from: from + skip, to } };
}

/** An access point name in the manner of DNS labels (3GPP TS 23.003, 9.1). */
function accessPoint(b: Uint8Array, message: GtpMessage): string | null {
  const found = message.elements.find(({ type }) => type === (message.version === 2 ? 71 : 131));
  if (found === undefined) return null;
  const labels: string[] = [];
  for (let at = found.from; at < found.to; at += 1 + u8(b, at)) {
    labels.push(textOf(b, at + 1, Math.min(found.to, at + 1 + u8(b, at))));
  }
  return labels.join('.');
}

/** GTP-C version 1 and 2: subscriber, number and equipment in telephony BCD are handed on as text. */
class GtpDatagrams implements DatagramParser {
  private readonly out: Emitter;

  constructor(out: Emitter) {
    this.out = out;
  }

  take(row: number, side: 0 | 1, way: Way, b: Uint8Array, start: number, end: number): void {
    const { out } = this;
    const { messages, malformed } = readGtpMessages(b, start, end);
    if (malformed) out.note(row, 'malformed');
    const told = messages.map((gtp) => {
      const identities = gtp.elements.map((one) => identityOf(b, gtp.version, one)).filter((one) => one !== null);
      return { gtp, identities, message: out.newMessage() };
    });
    const hidden = told.flatMap(({ gtp, identities, message }) =>
      identities.map(({ kind, digits, element }) =>
        namedValue(`${protocolOf(gtp)}.${kind}`, digits, element.from - start, element.to - start, message),
      ),
    );
    out.datagram(row, side, way, b, start, end, false, (from) => ({
      field: hidden.find((piece) => from >= piece.from && from < piece.to)?.field ?? null,
      message: told.findLast(({ gtp }) => gtp.start - start <= from)?.message ?? null,
    }));
    handDatagramText(out, row, side, hidden, ['tbcd']);
    for (const { gtp, identities, message } of told) {
      const of = (kind: Identity['kind']): string | null => identities.find((one) => one.kind === kind)?.digits ?? null;
      out.message(row, way, message, out.frame, out.us, 'gtp-c', {
        version: gtp.version,
        type: TYPES[gtp.version][gtp.type] ?? `type-${gtp.type}`,
        imsi: of('imsi'),
        msisdn: of('msisdn'),
        imei: of('imei'),
        accessPoint: accessPoint(b, gtp),
      });
    }
  }
}

const protocolOf = ({ version }: GtpMessage): string => (version === 2 ? 'gtpv2' : 'gtp');

export const gtpControl: DatagramProtocol = {
  application: 'gtp-c',
  channel: 'cleartext',
  ports: [2123],
  recognises: () => false,
  parser: (out) => new GtpDatagrams(out),
};
