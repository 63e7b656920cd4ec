import { useCallback, useMemo, useState } from 'react';
import type { FilterKey } from '../../../shared/filter/filter-keys.ts';
import { instantText, timeSpanOf } from '../../../shared/filter/filter-time.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import type { FilterTerm } from '../../../shared/filter/parse-filter.ts';
import { withTerm, writeFilter } from '../../../shared/filter/write-filter.ts';
import type { Channel } from '../../../shared/model/traffic.ts';
import { useLast } from '../../bridge/use-last.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useSettled } from '../../bridge/use-settled.ts';
import { TimelineChart } from '../../charts/timeline-chart.tsx';
import type { Span } from '../../charts/timeline-chart.tsx';
import { useCase } from '../../open-case.tsx';
import type { CellPick } from '../../widgets/long-table.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Page } from '../../widgets/page.tsx';
import { Tabs } from '../../widgets/tabs.tsx';
import { useWords } from '../../words/words.tsx';
import { StaleNotice, useNothingYet } from '../not-analysed.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FlowRows, HitRows, MessageRows } from './row-lists.tsx';

export interface TrafficScreenProps {
  readonly flow: number | null;
  readonly text: string;
  readonly label: string | null;
  readonly channel: Channel | null;
}

const mostBuckets = 400;
const tabs = ['flows', 'messages', 'hits'] as const;

/** What another screen asked to see, as a line. */
function lineOf({ text, label, channel }: TrafficScreenProps): string {
  const terms: FilterTerm[] = [];
  if (text !== '') terms.push({ key: 'text', values: [text], negated: false });
  if (label !== null) terms.push({ key: 'label', values: [label], negated: false });
  if (channel !== null) terms.push({ key: 'channel', values: [channel], negated: false });
  return writeFilter(terms);
}

/** The one span that the line asks for, and the line without it: the timeline shows what lies around it, too. */
function spanIn(line: string): { readonly span: Span | null; readonly others: string } {
  const parsed = parseFilter(line);
  if (!parsed.ok) return { span: null, others: line };
  const times = parsed.terms.filter(({ key, negated }) => key === 'time' && !negated);
  const [only] = times.length === 1 && times[0]?.values.length === 1 ? times[0].values : [];
  const span = only === undefined ? null : timeSpanOf(only);
  if (span === null || span.type === 'daily') return { span: null, others: line };
  return { span, others: writeFilter(parsed.terms.filter((term) => !times.includes(term))) };
}

const settlesAfterMs = 150;
const rowsFirstMs = 40;

/** Every conversation, message and hit of every capture, through one filter and along one timeline. */
export function TrafficScreen(props: TrafficScreenProps) {
  const { say } = useWords();
  const { case: token } = useCase();
  const nothing = useNothingYet();
  const [line, setLine] = useState(() => lineOf(props));
  const [tab, setTab] = useState<(typeof tabs)[number]>('flows');
  const [readable, setReadable] = useState(line);
  const applied = useSettled(readable, settlesAfterMs);
  const change = useCallback((next: string) => {
    setLine(next);
    if (parseFilter(next).ok) setReadable(next);
  }, []);
  const { span, others } = useMemo(() => spanIn(applied), [applied]);
  const [zoomed, setZoomed] = useState(false);
  // The rows are asked for first: one thread answers in turn.
  const aroundLine = useSettled(zoomed && span !== null ? applied : others, rowsFirstMs);
  const timeline = useQuery(
    'traffic.timeline',
    nothing === null ? { case: token, filter: aroundLine, buckets: mostBuckets } : null,
    ['index', 'case'],
  );
  const shownTimeline = useLast(timeline.value);
  const pick = useCallback(
    ({ key, value }: CellPick, sense: 'only' | 'not') => change(withTerm(line, key as FilterKey, value, sense)),
    [line, change],
  );
  const chooseSpan = (next: Span | null): void => {
    if (next === null) setZoomed(false);
    change(
      next === null
        ? others
        : withTerm(others, 'time', `${instantText(next.fromUs)}..${instantText(next.toUs)}`, 'only'),
    );
  };

  if (nothing !== null) {
    return (
      <Page title={say('ui.nav.traffic')} about={say('ui.traffic.about')}>
        {nothing}
      </Page>
    );
  }
  return (
    <Page title={say('ui.nav.traffic')} about={say('ui.traffic.about')} fill>
      <StaleNotice />
      <FilterBar line={line} applied={applied} onChange={change} />
      {timeline.problem === null ? null : <ProblemNotice problem={timeline.problem} />}
      {shownTimeline === null ? (
        <div className="timeline timeline-waiting" aria-busy={timeline.loading} />
      ) : (
        <TimelineChart
          timeline={shownTimeline}
          span={span}
          onSpan={chooseSpan}
          zoomed={zoomed && span !== null}
          onZoom={setZoomed}
        />
      )}
      <Tabs
        label={say('ui.nav.traffic')}
        chosen={tab}
        onChoose={setTab}
        tabs={tabs.map((name) => ({ name, text: say(`ui.traffic.tab-${name}`) }))}
      >
        {tab === 'flows' ? <FlowRows filter={applied} flow={props.flow} onPick={pick} /> : null}
        {tab === 'messages' ? <MessageRows filter={applied} onPick={pick} /> : null}
        {tab === 'hits' ? <HitRows filter={applied} onPick={pick} /> : null}
      </Tabs>
    </Page>
  );
}
