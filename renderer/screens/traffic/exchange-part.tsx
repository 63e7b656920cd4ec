import type { ExchangePart, ExchangeStretch } from '../../../shared/contract/exchange.ts';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { useWords } from '../../words/words.tsx';
import { MessageFacts } from './message-facts.tsx';
import { OpenInWireshark } from './open-in-wireshark.tsx';
import { StretchView, type ExchangeView } from './stretch-view.tsx';

/** Fields of the wire whose content stands decoded in a stretch of its own. */
const standDecoded: ReadonlySet<string | null> = new Set(['body', 'http2.headers']);

/** Decoded, a body is read as its sender wrote it: of the wire's bytes only what is before it; the rest is in the raw view. */
function decodedOf(stretches: readonly ExchangeStretch[]): readonly ExchangeStretch[] {
  if (!stretches.some(({ layer }) => layer === 'body')) return stretches;
  return stretches.flatMap((one) => {
    const bodyAt = one.layer === 'body' ? undefined : one.fields.find(({ field }) => standDecoded.has(field))?.at;
    if (bodyAt === undefined) return [one];
    if (bodyAt === 0) return [];
    const marks = one.marks.filter(({ from }) => from < bodyAt);
    return [{ ...one, bytes: bodyAt, heldBytes: Math.min(one.heldBytes, bodyAt), marks }];
  });
}

/** One message of the conversation, or bytes that belong to none: who said it, when, in which frames, decoded or raw. */
export function ExchangePartView({
  part,
  flow,
  view,
}: {
  readonly part: ExchangePart;
  readonly flow: number;
  readonly view: ExchangeView;
}) {
  const { say, sayIfKnown } = useWords();
  const { message } = part;
  const kind =
    message === null ? say('ui.exchange.loose') : sayIfKnown(`ui.message-kind.${message.kind}`, message.kind);
  const frames =
    part.firstFrame === part.lastFrame
      ? say('ui.frame', { frame: part.lastFrame })
      : say('ui.exchange.frames', { first: part.firstFrame, last: part.lastFrame });
  const shown = view === 'raw' ? part.stretches : decodedOf(part.stretches);
  return (
    <li
      className={`message exchange-part exchange-way-${part.way}`}
      id={`exchange-part-${part.id}`}
      aria-label={`${say(`ui.exchange.way.${part.way}`)}: ${kind}`}
      tabIndex={-1}
    >
      <p className="message-head">
        <span>
          <span className="exchange-way">{say(`ui.exchange.way.${part.way}`)}</span> <strong>{kind}</strong>
        </span>
        <span className="muted">
          <Instant at={part.at} /> · {frames} <OpenInWireshark flow={flow} frame={part.lastFrame} quiet />
        </span>
      </p>
      {message === null || view === 'raw' ? null : <MessageFacts message={message} />}
      {message?.contentKnownBy === 'keylog' ? <p className="hint">{say('ui.exchange.by-keylog')}</p> : null}
      {shown.map((stretch) => (
        <StretchView key={`${view} ${stretch.id}`} flow={flow} stretch={stretch} view={view} />
      ))}
      {part.stretches.length === 0 ? (
        <p className="muted">
          <HostileText text={say('ui.exchange.no-bytes')} />
        </p>
      ) : null}
    </li>
  );
}
