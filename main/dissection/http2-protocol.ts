import { couldBecome, startsWith, u32 } from './bytes.ts';
import type { Direction } from './direction.ts';
import { ACK, FRAME_HEADER_BYTES, isRunOfFrames, likenessOfSettings, PREFACE } from './http2-frames.ts';
import { Http2Parser } from './http2-parser.ts';
import { claim, likenessOfText, type StreamProtocol } from './stream-protocol.ts';

const PRIOR_KNOWLEDGE = ['PRI * HTTP/2.0\r\n'];

function otherSpeaksIt(d: Direction): boolean {
  return d.connection.directions[d.side === 0 ? 1 : 0].parser instanceof Http2Parser;
}

/** HTTP/2 in clear with prior knowledge (RFC 9113, 3.3), also where a capture begins in its middle. */
export const http2: StreamProtocol = {
  application: 'http2',
  likeness(b, start, end, _out, d) {
    const preface = likenessOfText(PRIOR_KNOWLEDGE, b, start, end);
    if (preface !== 'no') return preface;
    if (otherSpeaksIt(d)) {
      // An answer of HTTP/1 may still come before the first frame; anything else is frames, or the rest of one.
      if (!couldBecome(b, start, end, 'HTTP/')) return 'yes';
      return end - start < 5 ? 'perhaps' : 'no';
    }
    const settings = likenessOfSettings(b, start, end);
    return settings === 'no' && isRunOfFrames(b, start, end) ? 'yes' : settings;
  },
  begin(out, d, b, start, end) {
    const preface = startsWith(b, start, end, PREFACE.slice(0, 16));
    claim(out, d, 'http2', 'cleartext', preface ? true : null);
    // SETTINGS that answer none are what an endpoint says first.
    const settings = end - start >= FRAME_HEADER_BYTES && u32(b, start + 3) >>> 8 === 0x040000 && b[start + 4] !== ACK;
    return new Http2Parser(out, d, { fromStart: preface || settings, prefaceLeft: 0 });
  },
};
