import { APPLICATIONS } from './applications.ts';
import { startsWith, u8 } from './bytes.ts';
import { diameter } from './diameter-stream.ts';
import { dnsOverTcp } from './dns-stream.ts';
import { http2 } from './http2-protocol.ts';
import { couldBecomeHttp, looksLikeHttp } from './http-head.ts';
import { HttpParser } from './http-parser.ts';
import { ldap, postgresql } from './login-streams.ts';
import { ftp, imap, pop, smtp } from './mail-streams.ts';
import { mqtt } from './mqtt-stream.ts';
import { sipOverTcp } from './sip-stream.ts';
import { claim, likenessOfText, type StreamProtocol } from './stream-protocol.ts';
import { looksLikeTls, TlsParser } from './tls-parser.ts';
import { UnknownParser } from './unknown-parser.ts';
import { xmpp } from './xmpp-parser.ts';

const tls: StreamProtocol = {
  application: 'tls',
  likeness: (b, start, end) => looksLikeTls(b, start, end),
  begin(out, d, b, start, end) {
    const helloKind = u8(b, start) === 22 && end - start > 5 ? u8(b, start + 5) === 1 : null;
    const { row } = d.connection;
    // What is spoken above TLS may be known already: early data that a key log opened comes before the server's answer.
    const above = out.channelOf(row) === 'tls' ? APPLICATIONS[out.table.application[row] ?? 0] : undefined;
    claim(out, d, above ?? 'tls', 'tls', helloKind);
    return new TlsParser(out, d);
  },
};

const http: StreamProtocol = {
  application: 'http',
  likeness(b, start, end) {
    if (looksLikeHttp(b, start, end)) return 'yes';
    return couldBecomeHttp(b, start, end) ? 'perhaps' : 'no';
  },
  begin(out, d, b, start, end) {
    claim(out, d, 'http', 'cleartext', !startsWith(b, start, end, 'HTTP/'));
    return new HttpParser(out, d);
  },
};

const ssh: StreamProtocol = {
  application: 'ssh',
  likeness: (b, start, end) => likenessOfText(['SSH-'], b, start, end),
  begin(out, d) {
    out.recognise(d.connection.row, 'ssh', 'unknown');
    return new UnknownParser(out, d);
  },
};

/** In the order in which they are asked; the first that says yes has the stream. */
export const STREAM_PROTOCOLS: readonly StreamProtocol[] = [
  dnsOverTcp,
  tls,
  sipOverTcp,
  http2,
  http,
  xmpp,
  ssh,
  smtp,
  pop,
  imap,
  ftp,
  mqtt,
  diameter,
  ldap,
  postgresql,
];
