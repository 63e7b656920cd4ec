import type { ExchangePart } from '../../../../shared/contract/exchange.ts';
import type { Message } from '../../../../shared/model/traffic.ts';

/** Bytes as a hostile server might send them: markup, an escape sequence, a change of direction, bytes that are no text. */
export const exchangeText = Buffer.concat([
  Buffer.from(
    'HTTP/1.1 200 OK\r\nServer: <img src=x onerror=alert(1)>\r\nX-Bidi: \u202Egnp.exe\r\nX-Esc: \u001b[31mred\r\n\r\n',
  ),
  Buffer.from([0xff, 0xfe, 0x00, 0x80]),
]);

export function exchangePart(message: Message, id: number): ExchangePart {
  return {
    id,
    way: message.kind.endsWith('-response') || message.kind.endsWith('-answer') ? 1 : 0,
    message,
    at: message.at,
    exhibit: message.exhibit,
    firstFrame: message.frame,
    lastFrame: message.frame,
    stretches: [
      {
        id,
        layer: 'stream',
        decodings: [],
        fields: [{ at: 0, field: null }],
        offset: 0,
        bytes: exchangeText.length,
        heldBytes: exchangeText.length,
        opaque: false,
        firstFrame: message.frame,
        lastFrame: message.frame,
        marks: [],
      },
    ],
  };
}
