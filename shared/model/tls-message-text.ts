import type { Certificate, Message } from './traffic.ts';

type TlsMessage = Extract<
  Message,
  {
    readonly kind:
      'tls-client-hello' | 'quic-client-hello' | 'tls-server-hello' | 'quic-server-hello' | 'tls-certificate';
  }
>;

/** Words that the parts need: both catalogues have them. */
export type TlsTextKey =
  | 'message.tls.offers'
  | 'message.tls.resumes'
  | 'message.tls.resumed'
  | 'message.tls.chain'
  | 'message.tls.valid'
  | `message.tls.by.${'session-id' | 'ticket' | 'psk'}`;

export type SayTls = (key: TlsTextKey, values?: Record<string, string | number>) => string;

/**
 * What a TLS message tells beside its first words, each a part of its line: the versions offered, the earlier session that is
 * taken up, the fingerprint of the software (JA4), the certificates as they were shown. What is not known gives no part.
 */
export function tlsMessageParts(m: TlsMessage, say: SayTls): readonly string[] {
  switch (m.kind) {
    case 'tls-client-hello':
    case 'quic-client-hello': {
      const { versions = [], resumption = [], ja4 = null } = m;
      return [
        ...(versions.length === 0 ? [] : [say('message.tls.offers', { versions: versions.join(', ') })]),
        ...(resumption.length === 0
          ? []
          : [say('message.tls.resumes', { how: resumption.map((how) => say(`message.tls.by.${how}`)).join(', ') })]),
        ...(ja4 === null ? [] : [`JA4 ${ja4}`]),
      ];
    }
    case 'tls-server-hello':
    case 'quic-server-hello': {
      const { resumed = null } = m;
      return resumed === null ? [] : [say('message.tls.resumed', { how: say(`message.tls.by.${resumed}`) })];
    }
    case 'tls-certificate': {
      const { chain = [] } = m;
      if (chain.length === 0) return [];
      return [say('message.tls.chain', { count: chain.length }), ...chain.map((one) => certificateText(one, say))];
    }
  }
}

function certificateText({ subject, names, notBefore, notAfter, sha256 }: Certificate, say: SayTls): string {
  const valid =
    notBefore === null && notAfter === null
      ? []
      : [say('message.tls.valid', { from: dayOf(notBefore), to: dayOf(notAfter) })];
  return [subject ?? names[0] ?? '—', ...valid, `SHA-256 ${sha256}`].join(', ');
}

const dayOf = (instant: string | null): string => instant?.slice(0, 10) ?? '—';
