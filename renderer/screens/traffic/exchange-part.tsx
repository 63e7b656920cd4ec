import type { ExchangePart } from '../../../shared/contract/exchange.ts';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { useWords } from '../../words/words.tsx';
import { MessageFacts } from './message-facts.tsx';
import { OpenInWireshark } from './open-in-wireshark.tsx';
import { StretchView, type ExchangeView } from './stretch-view.tsx';

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
  // Decoded, a body is read as its sender wrote it; the bytes of the wire that gave it are in the raw view.
  const decodedBody = part.stretches.some(({ layer }) => layer === 'body');
  const shown = part.stretches.filter(
    (one) => view === 'raw' || one.layer === 'body' || !decodedBody || one.fields.some(({ field }) => field !== 'body'),
  );
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
