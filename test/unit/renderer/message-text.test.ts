import { describe, expect, test } from 'vitest';
import { messageText } from '../../../renderer/screens/traffic/message-text.ts';
import { createWords } from '../../../renderer/words/words.tsx';
import type { Message } from '../../../shared/model/traffic.ts';

const at = { flow: 1, exhibit: 'E001', at: '2014-08-07T10:00:00.000000Z', frame: 7 } as const;
const english = createWords('en').say;
const chinese = createWords('zh-Hant').say;

const hello: Message = {
  ...at,
  kind: 'tls-client-hello',
  serverName: 'account.xiaomi.com',
  version: '1.3',
  alpn: ['h2'],
  versions: ['1.3', '1.2'],
  resumption: ['ticket', 'psk'],
  ja4: 't13d1516h2_8daaf6152771_e5627efa2ab1',
};

describe('the line of a TLS message', () => {
  test('of a client tells all versions offered, the session it takes up, and the software’s fingerprint', () => {
    expect(messageText(hello, english)).toBe(
      'TLS 1.3 SNI account.xiaomi.com ALPN h2 · offers 1.3, 1.2 · wishes to take up an earlier session (session ticket, pre-shared key) · JA4 t13d1516h2_8daaf6152771_e5627efa2ab1',
    );
    expect(messageText(hello, chinese)).toBe(
      'TLS 1.3 SNI account.xiaomi.com ALPN h2 · 可用版本 1.3, 1.2 · 要求接續先前的工作階段（工作階段票證, 預共用金鑰） · JA4 t13d1516h2_8daaf6152771_e5627efa2ab1',
    );
  });

  test('of a client that tells none of it says nothing of it', () => {
    const { versions: _versions, resumption: _resumption, ...bare } = hello;
    expect(messageText({ ...bare, ja4: null }, english)).toBe('TLS 1.3 SNI account.xiaomi.com ALPN h2');
  });

  test('of a server tells whether it took an earlier session up', () => {
    const server: Message = {
      ...at,
      kind: 'quic-server-hello',
      version: '1.3',
      alpn: null,
      cipher: 'X',
      resumed: 'psk',
    };
    expect(messageText(server, english)).toBe('TLS 1.3 X ALPN — · earlier session taken up (pre-shared key)');
    expect(messageText({ ...server, resumed: null }, english)).toBe('TLS 1.3 X ALPN —');
  });

  test('of a certificate tells the chain as it was shown, each with its validity and hash', () => {
    const own = {
      names: ['*.xiaomi.com'],
      subject: 'CN=*.xiaomi.com',
      issuer: 'CN=CA',
      notBefore: '2014-01-02T00:00:00Z',
      notAfter: '2015-01-02T00:00:00Z',
      sha256: 'a'.repeat(64),
    };
    const issuer = { ...own, names: [], subject: null, notBefore: null, notAfter: null, sha256: 'b'.repeat(64) };
    const { names } = own;
    const shown: Message = { ...at, kind: 'tls-certificate', names, issuer: 'CN=CA', chain: [own, issuer] };
    expect(messageText(shown, english)).toBe(
      `*.xiaomi.com ← CN=CA · 2 certificates shown · CN=*.xiaomi.com, valid 2014-01-02 to 2015-01-02, SHA-256 ${'a'.repeat(64)} · —, SHA-256 ${'b'.repeat(64)}`,
    );
    expect(messageText(shown, chinese)).toContain('出示 2 張憑證 · CN=*.xiaomi.com, 有效期 2014-01-02 至 2015-01-02');
  });
});
