import { useState } from 'react';
import type { ExchangeStretch } from '../../../shared/contract/exchange.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useNavigation } from '../../navigation.tsx';
import { useCase } from '../../open-case.tsx';
import { BytesView } from '../../widgets/bytes-view.tsx';
import { Button, LinkButton } from '../../widgets/button.tsx';
import { bytesOfBase64, type ByteSpan } from '../../widgets/hex-rows.ts';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { looksLikeText, markedLines } from '../../widgets/marked-text.ts';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { useWords } from '../../words/words.tsx';

export type ExchangeView = 'decoded' | 'raw';

/** Bytes of one page: what a person reads at once. */
const pageBytes: Readonly<Record<ExchangeView, number>> = { decoded: 4096, raw: 1024 };

/** Bytes as text, line by line, with marks; nothing of it is markup, nothing invisible stays so. */
function StretchText({ bytes, marks }: { readonly bytes: Uint8Array; readonly marks: readonly ByteSpan[] }) {
  return (
    <div className="exchange-text mono">
      {markedLines(bytes, marks).map((line, number) => (
        <div key={number} className="exchange-line">
          {line.map((piece, index) =>
            piece.mark === null ? (
              <HostileText key={index} text={piece.text} max={pageBytes.decoded} />
            ) : (
              <mark key={index}>
                <HostileText text={piece.text} max={pageBytes.decoded} />
              </mark>
            ),
          )}
        </div>
      ))}
    </div>
  );
}

function Pager({
  from,
  size,
  stretch,
  onFrom,
}: {
  readonly from: number;
  readonly size: number;
  readonly stretch: ExchangeStretch;
  readonly onFrom: (from: number) => void;
}) {
  const { say, number } = useWords();
  if (stretch.heldBytes <= size) return null;
  const to = Math.min(from + size, stretch.heldBytes);
  const range = { from: number(from), to: number(to), total: number(stretch.bytes) };
  return (
    <p className="exchange-pager">
      <Button kind="quiet" disabled={from === 0} onPress={() => onFrom(Math.max(0, from - size))}>
        {say('ui.bytes.previous')}
      </Button>
      <span role="status">{say('ui.bytes.range', range)}</span>
      <Button kind="quiet" disabled={to >= stretch.heldBytes} onPress={() => onFrom(from + size)}>
        {say('ui.bytes.next')}
      </Button>
    </p>
  );
}

/** What these bytes are: of the wire or decoded, where they begin, how many. */
function StretchHead({ stretch }: { readonly stretch: ExchangeStretch }) {
  const { say, sayIfKnown, number, bytes } = useWords();
  const { go } = useNavigation();
  const layer = stretch.opaque ? 'opaque' : stretch.layer;
  const decodings = stretch.decodings.map((step) => sayIfKnown(`ui.decoding.${step}`, step)).join(' → ');
  return (
    <p className="exchange-stretch-head muted">
      <span>
        {say(`ui.exchange.layer.${layer}`)}
        {stretch.decodings.length === 0 ? null : (
          <>
            {' '}
            (<HostileText text={decodings} max={120} />)
          </>
        )}{' '}
        · {say('ui.exchange.place', { offset: number(stretch.offset), bytes: bytes(stretch.bytes) })}
        {stretch.heldBytes < stretch.bytes
          ? ` · ${say('ui.exchange.held', { held: bytes(stretch.heldBytes), bytes: bytes(stretch.bytes) })}`
          : null}
      </span>
      {stretch.marks.map((mark) => (
        <span key={mark.key} className="exchange-mark-name">
          <LinkButton onPress={() => go({ screen: 'findings', key: mark.key })}>{mark.number}</LinkButton>{' '}
          {say(mark.exact ? 'ui.exchange.mark' : 'ui.exchange.mark-inside', {
            offset: number(stretch.offset + mark.from),
            bytes: number(mark.to - mark.from),
          })}
        </span>
      ))}
    </p>
  );
}

/** One stretch of bytes, a page at a time, beginning with the page of its first mark. */
export function StretchView({
  flow,
  stretch,
  view,
}: {
  readonly flow: number;
  readonly stretch: ExchangeStretch;
  readonly view: ExchangeView;
}) {
  const { say } = useWords();
  const { case: token } = useCase();
  const size = pageBytes[view];
  const firstMark = stretch.marks[0]?.from ?? 0;
  const [from, setFrom] = useState(Math.floor(firstMark / size) * size);
  const query = useQuery(
    'exchange.bytes',
    stretch.heldBytes <= from
      ? null
      : { case: token, flow, stretch: stretch.id, offset: from, length: Math.min(size, stretch.heldBytes - from) },
  );
  const base64 = query.value?.base64 ?? null;
  const marks = stretch.marks.map((mark) => ({ from: mark.from - from, to: mark.to - from }));
  const bytes = base64 === null ? null : bytesOfBase64(base64);
  const asText = bytes !== null && view === 'decoded' && !stretch.opaque && looksLikeText(bytes);
  return (
    <div className="exchange-stretch">
      <StretchHead stretch={stretch} />
      {query.problem === null ? null : <ProblemNotice problem={query.problem} />}
      {bytes === null || base64 === null ? null : asText ? (
        <StretchText bytes={bytes} marks={marks} />
      ) : (
        <BytesView label={say('ui.exchange.bytes')} base64={base64} marks={marks} firstOffset={stretch.offset + from} />
      )}
      <Pager from={from} size={size} stretch={stretch} onFrom={setFrom} />
    </div>
  );
}
