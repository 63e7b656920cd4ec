import type { Message } from '../../../shared/model/traffic.ts';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Facts } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { messageText } from './message-text.ts';

/** What every message has and its head shows. */
const inHead: ReadonlySet<string> = new Set(['flow', 'exhibit', 'kind', 'at', 'frame']);
/** Kinds whose own bytes are text: the bytes say more than a table of their parts. */
const readable: ReadonlySet<string> = new Set([
  'http-request',
  'http-response',
  'sip-request',
  'sip-response',
  'ssdp',
  'command',
  'reply',
  'xmpp-stream',
  'xmpp-stanza',
]);

/** A value of a message's field as one text; certificates in the words of their line. */
function valueText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    const parts = value.map((one: unknown) => valueText(one)).filter((one) => one !== null);
    return parts.length === 0 ? null : parts.join(', ');
  }
  if (typeof value === 'object') {
    const parts = Object.entries(value).flatMap(([name, one]) => {
      const text = valueText(one);
      return text === null ? [] : [`${name}=${text}`];
    });
    return `{${parts.join(' ')}}`;
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** The parts of a message by their names in the protocol; a message of text has its line only, its bytes follow. */
export function MessageFacts({ message }: { readonly message: Message }) {
  const { say, sayIfKnown } = useWords();
  const line = (
    <p className="message-text mono">
      {/* Certificates of big hosts have hundreds of names, and the chain stands behind them. */}
      <HostileText text={messageText(message, say)} max={message.kind === 'tls-certificate' ? 6000 : 1500} />
    </p>
  );
  if (readable.has(message.kind) || message.kind === 'tls-certificate') return line;
  const facts = Object.entries(message).flatMap(([name, value]) => {
    const text = inHead.has(name) ? null : valueText(value);
    if (text === null) return [];
    return [{ name: sayIfKnown(`ui.message-field.${name}`, name), value: <HostileText text={text} max={1500} mono /> }];
  });
  return (
    <>
      {line}
      <Facts facts={facts} />
    </>
  );
}
