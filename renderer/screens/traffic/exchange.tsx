import { useEffect, useState } from 'react';
import type { ExchangeState } from '../../../shared/contract/exchange.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { Button, LinkButton } from '../../widgets/button.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { ProgressBar } from '../../widgets/progress-bar.tsx';
import { Tabs } from '../../widgets/tabs.tsx';
import { useWords } from '../../words/words.tsx';
import { ExchangePartView } from './exchange-part.tsx';
import type { ExchangeView } from './stretch-view.tsx';
import { useExchange } from './use-exchange.ts';

/** Messages shown at once. */
const pageParts = 25;

function Reading({ flow, state }: { readonly flow: number; readonly state: ExchangeState | null }) {
  const { say } = useWords();
  const { case: token } = useCase();
  const progress =
    state === null
      ? null
      : {
          task: 'exchange',
          step: say(state.looking ? 'ui.exchange.looking' : 'ui.exchange.reading'),
          done: state.bytesRead,
          total: state.bytesTotal,
          unit: 'bytes' as const,
          note: null,
        };
  return (
    <div className="exchange-reading">
      <ProgressBar progress={progress} label={say('ui.exchange.reading')} />
      <Button onPress={() => void call('exchange.stop', { case: token, flow })}>{say('ui.exchange.stop')}</Button>
    </div>
  );
}

/** What is not whole, and where the findings of this conversation stand. */
function ExchangeNotes({ state, onPart }: { readonly state: ExchangeState; readonly onPart: (part: number) => void }) {
  const { say, bytes } = useWords();
  const figures = { held: bytes(state.heldBytes), bytes: bytes(state.contentBytes) };
  return (
    <>
      {state.limits.length === 0 ? null : (
        <Notice tone="warning" title={say('ui.exchange.limits')}>
          <ul className="bullets">
            {state.limits.map((limit) => (
              <li key={limit}>{say(`ui.exchange.limit.${limit}`, figures)}</li>
            ))}
          </ul>
        </Notice>
      )}
      {state.markable === 0 ? null : (
        <p className="exchange-marks">
          {say('ui.exchange.marked', { marked: state.marked.length, count: state.markable })}{' '}
          {state.marked.map(({ key, number, part }) => (
            <LinkButton key={key} onPress={() => onPart(part)} title={say('ui.exchange.go-to-mark', { number })}>
              {number}
            </LinkButton>
          ))}
        </p>
      )}
    </>
  );
}

/** Scrolls the pane that the element lies in, and nothing around it: the window stays. */
function scrollPaneTo(element: HTMLElement): void {
  let pane = element.parentElement;
  while (pane !== null && !/auto|scroll/.test(getComputedStyle(pane).overflowY)) pane = pane.parentElement;
  if (pane === null) return;
  pane.scrollTop += element.getBoundingClientRect().top - pane.getBoundingClientRect().top - 8;
}

function Conversation({ flow, state }: { readonly flow: number; readonly state: ExchangeState }) {
  const { say, number } = useWords();
  const { case: token } = useCase();
  const [view, setView] = useState<ExchangeView>('decoded');
  const [from, setFrom] = useState(0);
  const [wanted, setWanted] = useState<number | null>(null);
  const parts = useQuery('exchange.parts', { case: token, flow, after: from, limit: pageParts });
  const shown = parts.value;
  useEffect(() => {
    if (wanted === null || shown === null) return;
    const element = document.getElementById(`exchange-part-${wanted}`);
    if (element === null) return;
    scrollPaneTo(element);
    element.focus({ preventScroll: true });
    setWanted(null);
  }, [wanted, shown]);
  const goTo = (part: number): void => {
    if (part < from || part >= from + pageParts) setFrom(Math.floor(part / pageParts) * pageParts);
    setWanted(part);
  };
  const to = Math.min(from + pageParts, state.parts);
  return (
    <>
      <ExchangeNotes state={state} onPart={goTo} />
      <Tabs
        label={say('ui.exchange.title')}
        chosen={view}
        onChoose={setView}
        tabs={[
          { name: 'decoded', text: say('ui.exchange.decoded') },
          { name: 'raw', text: say('ui.exchange.raw') },
        ]}
      >
        {parts.problem === null ? null : <ProblemNotice problem={parts.problem} />}
        {state.parts === 0 ? <p className="muted">{say('ui.exchange.empty')}</p> : null}
        <ol className="messages">
          {(shown ?? []).map((part) => (
            <ExchangePartView key={part.id} part={part} flow={flow} view={view} />
          ))}
        </ol>
      </Tabs>
      {state.parts <= pageParts ? null : (
        <p className="exchange-pager">
          <Button kind="quiet" disabled={from === 0} onPress={() => setFrom(Math.max(0, from - pageParts))}>
            {say('ui.exchange.earlier')}
          </Button>
          <span role="status">
            {say('ui.exchange.range', { from: number(from + 1), to: number(to), total: number(state.parts) })}
          </span>
          <Button kind="quiet" disabled={to >= state.parts} onPress={() => setFrom(from + pageParts)}>
            {say('ui.exchange.later')}
          </Button>
        </p>
      )}
    </>
  );
}

/** What the two ends said to each other, in the order of the wire, read again from the exhibit. */
export function Exchange({ flow }: { readonly flow: number }) {
  const { say } = useWords();
  const { case: token } = useCase();
  const { state, problem } = useExchange(token, flow);
  return (
    <section className="exchange">
      <h3>{say('ui.exchange.title')}</h3>
      {problem === null ? null : <ProblemNotice problem={problem} />}
      {state === null || state.status === 'reading' ? (
        problem === null ? (
          <Reading flow={flow} state={state} />
        ) : null
      ) : (
        <Conversation flow={flow} state={state} />
      )}
    </section>
  );
}
