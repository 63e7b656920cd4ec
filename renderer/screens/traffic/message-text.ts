import { smallMessageText } from '../../../shared/model/small-messages.ts';
import type { Message } from '../../../shared/model/traffic.ts';

/** A message in one line, in the words of its protocol. */
export function messageText(message: Message): string {
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
      return `TLS ${message.version} SNI ${message.serverName ?? '—'}${message.encryptedClientHello === true ? ' (ECH)' : ''} ALPN ${message.alpn.join(', ') || '—'}`;
    case 'tls-server-hello':
    case 'quic-server-hello':
      return `TLS ${message.version} ${message.cipher} ALPN ${message.alpn ?? '—'}`;
    case 'quic-version-negotiation':
      return message.versions.join(', ');
    case 'quic-retry':
      return message.quicVersion;
    case 'tls-certificate':
      return `${message.names.join(', ')} ← ${message.issuer ?? '—'}`;
    case 'xmpp-stream':
      return `xmlns=${message.namespace ?? '—'}`;
    default:
      return smallMessageText(message);
  }
}
