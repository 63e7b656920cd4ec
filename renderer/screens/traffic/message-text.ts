import { smallMessageText } from '../../../shared/model/small-messages.ts';
import { tlsMessageParts } from '../../../shared/model/tls-message-text.ts';
import type { SayTls } from '../../../shared/model/tls-message-text.ts';
import type { Message } from '../../../shared/model/traffic.ts';

/** A message in one line, in the words of its protocol; what its parts mean is said in the reader's language. */
export function messageText(message: Message, say: SayTls): string {
  switch (message.kind) {
    case 'http-request':
      return `${message.method} ${message.host ?? ''}${message.uri}${message.bodyBytes > 0 ? ` (+${message.bodyBytes} B ${message.contentType ?? ''})` : ''}`;
    case 'http-response':
      return `${message.status} ${message.contentType ?? ''} (${message.bodyBytes} B)`;
    case 'websocket-message':
      return `${message.opcode} (${message.bytes} B)`;
    case 'dns-query':
      return `${message.type} ${message.name}`;
    case 'dns-answer':
      return `${message.type} ${message.name} → ${message.answers.join(', ')}`;
    case 'tls-client-hello':
    case 'quic-client-hello':
      return [
        `TLS ${message.version} SNI ${message.serverName ?? '—'}${message.encryptedClientHello === true ? ' (ECH)' : ''} ALPN ${message.alpn.join(', ') || '—'}`,
        ...tlsMessageParts(message, say),
      ].join(' · ');
    case 'tls-server-hello':
    case 'quic-server-hello':
      return [
        `TLS ${message.version} ${message.cipher} ALPN ${message.alpn ?? '—'}`,
        ...tlsMessageParts(message, say),
      ].join(' · ');
    case 'quic-version-negotiation':
      return message.versions.join(', ');
    case 'quic-retry':
      return message.quicVersion;
    case 'tls-certificate':
      return [`${message.names.join(', ')} ← ${message.issuer ?? '—'}`, ...tlsMessageParts(message, say)].join(' · ');
    case 'xmpp-stream':
      return `xmlns=${message.namespace ?? '—'}`;
    default:
      return smallMessageText(message);
  }
}
