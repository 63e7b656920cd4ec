import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { Timeline } from '../../shared/contract/traffic.ts';
import type { TimeSummary } from '../../shared/filter/row-shapes.ts';
import { instantText } from '../../shared/filter/filter-time.ts';
import { Button } from '../widgets/button.tsx';
import { CheckField, SelectField } from '../widgets/field.tsx';
import { HostileText } from '../widgets/hostile-text.tsx';
import { Instant } from '../widgets/instant.tsx';
import { utcTime } from '../widgets/instant-text.ts';
import { useWords } from '../words/words.tsx';
import { TimelineTable } from './timeline-table.tsx';
import { bucketCount, labelsOf, placeAt, timelineBars } from './timeline-shape.ts';
import type { Measure } from './timeline-shape.ts';

const colours = ['#2f6f9f', '#b5792f', '#2d8a7d', '#6b55a5', '#b5432f', '#5d7a2f', '#8d4a7a', '#55636f'];
const colourOf = (n: number): string => colours[n % colours.length] ?? '#55636f';

/** Of the picture, in its own units; it is stretched to the width there is. */
const width = 1000;
const barsTop = 14;
const height = 84;

export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

export interface TimelineChartProps {
  readonly timeline: Timeline;
  /** What of it the filter lets through now, or null: the whole. */
  readonly span: Span | null;
  readonly onSpan: (span: Span | null) => void;
  /** Only what the span holds is shown. */
  readonly zoomed: boolean;
  readonly onZoom: (zoomed: boolean) => void;
}

/** Below this height of the window the rows need the place more: the timeline is there to be opened. */
const roomyPx = 760;

/** Traffic over time, with hits, consent acts and stimuli; a piece of it is chosen by dragging, or by keys on its two ends. */
export function TimelineChart(props: TimelineChartProps) {
  const { timeline, span, onSpan, zoomed, onZoom } = props;
  const { say } = useWords();
  const [measure, setMeasure] = useState<Measure>('bytes');
  const [table, setTable] = useState(false);
  const summary = timeline.traffic;
  if (summary === null) return <p className="muted">{say('ui.timeline.none')}</p>;
  return (
    <details className="timeline" open={window.innerHeight > roomyPx}>
      <summary>{say('ui.timeline.title')}</summary>
      <div className="timeline-head">
        <SelectField
          label={say('ui.timeline.measure')}
          value={measure}
          onChange={setMeasure}
          options={(['bytes', 'packets', 'flows'] as const).map((value) => ({
            value,
            text: say(`ui.timeline.${value}`),
          }))}
        />
        <Legend summary={summary} />
        <CheckField label={say('ui.chart.as-table')} checked={table} onChange={setTable} />
        {span === null ? null : (
          <>
            <Button kind="quiet" pressed={zoomed} onPress={() => onZoom(!zoomed)}>
              {say('ui.timeline.zoom')}
            </Button>
            <Button kind="quiet" onPress={() => onSpan(null)}>
              {say('ui.timeline.whole')}
            </Button>
          </>
        )}
      </div>
      {table ? (
        <TimelineTable summary={summary} timeline={timeline} />
      ) : (
        <Picture {...{ timeline, summary, measure, onSpan }} span={zoomed ? null : span} />
      )}
      {timeline.eventsLeftOut === 0 ? null : (
        <p className="hint">{say('ui.timeline.left-out', { count: timeline.eventsLeftOut })}</p>
      )}
    </details>
  );
}

function Legend({ summary }: { readonly summary: TimeSummary }) {
  const { say } = useWords();
  return (
    <ul className="timeline-legend">
      {labelsOf(summary)
        .slice(0, colours.length)
        .map((label, n) => (
          <li key={label}>
            <i style={{ background: colourOf(n) }} /> <HostileText text={label} max={40} />
          </li>
        ))}
      <li>
        <i className="mark-hit" /> {say('ui.timeline.hits')}
      </li>
      <li>
        <i className="mark-consent" /> {say('ui.timeline.consent')}
      </li>
      <li>
        <i className="mark-stimulus" /> {say('ui.timeline.stimulus')}
      </li>
      <li>
        <i className="mark-usage" /> {say('ui.event-kind.usage')}
      </li>
    </ul>
  );
}

interface PictureProps extends Pick<TimelineChartProps, 'timeline' | 'span' | 'onSpan'> {
  readonly summary: TimeSummary;
  readonly measure: Measure;
}

function Picture({ timeline, summary, measure, span, onSpan }: PictureProps) {
  const { say } = useWords();
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const count = bucketCount(summary);
  const spanOf = (a: number, b: number): Span => ({
    fromUs: summary.fromUs + Math.min(a, b) * summary.bucketUs,
    toUs: summary.fromUs + (Math.max(a, b) + 1) * summary.bucketUs - 1,
  });
  const placeOf = (event: PointerEvent): number => {
    const box = svg.current?.getBoundingClientRect();
    return box === undefined || box.width === 0 ? 0 : placeAt((event.clientX - box.left) / box.width, count);
  };
  const chosen =
    drag !== null
      ? { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) }
      : span === null
        ? null
        : {
            from: placeAt((span.fromUs - summary.fromUs) / summary.bucketUs / count, count),
            to: placeAt((span.toUs - summary.fromUs) / summary.bucketUs / count, count),
          };
  const ends = chosen ?? { from: 0, to: count - 1 };
  const move = (from: number, to: number): void => onSpan(spanOf(from, to));
  return (
    <div className="timeline-picture">
      <svg
        ref={svg}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say('ui.timeline.label')}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const place = placeOf(event);
          setDrag({ from: place, to: place });
        }}
        onPointerMove={(event) => {
          if (drag !== null) setDrag({ from: drag.from, to: placeOf(event) });
        }}
        onPointerUp={() => {
          if (drag !== null) move(drag.from, drag.to);
          setDrag(null);
        }}
        onPointerCancel={() => setDrag(null)}
      >
        <Bars summary={summary} measure={measure} count={count} />
        <Marks timeline={timeline} summary={summary} count={count} />
        {chosen === null ? null : <Veil from={chosen.from} to={chosen.to} count={count} />}
      </svg>
      <div className="timeline-ends">
        <End
          place={ends.from}
          {...{ count, summary }}
          name="from"
          onMove={(place) => move(Math.min(place, ends.to), ends.to)}
          onWhole={() => onSpan(null)}
        />
        <span className="muted">{say('ui.timeline.bucket', { seconds: summary.bucketUs / 1_000_000 })}</span>
        <End
          place={ends.to}
          {...{ count, summary }}
          name="to"
          onMove={(place) => move(ends.from, Math.max(place, ends.from))}
          onWhole={() => onSpan(null)}
        />
      </div>
    </div>
  );
}

function Bars({
  summary,
  measure,
  count,
}: {
  readonly summary: TimeSummary;
  readonly measure: Measure;
  readonly count: number;
}) {
  const bars = timelineBars(summary, measure);
  const labels = labelsOf(summary);
  const most = Math.max(1, ...bars.map(({ total }) => total));
  const barWidth = width / count;
  const y = (amount: number): number => height - (amount / most) * (height - barsTop);
  return (
    <>
      {bars.flatMap((bar) =>
        bar.pieces.map(({ label, from, to }) => (
          <rect
            key={`${bar.place} ${label}`}
            x={bar.place * barWidth}
            width={Math.max(barWidth, 1)}
            // What is there is seen, however small beside the biggest.
            y={Math.min(y(to), y(from) - 1)}
            height={Math.max(1, y(from) - y(to))}
            fill={colourOf(labels.indexOf(label))}
          />
        )),
      )}
    </>
  );
}

function Marks({
  timeline,
  summary,
  count,
}: {
  readonly timeline: Timeline;
  readonly summary: TimeSummary;
  readonly count: number;
}) {
  const barWidth = width / count;
  const xOf = (us: number): number => ((us - summary.fromUs) / summary.bucketUs) * barWidth;
  return (
    <>
      {timeline.events.map(({ id, at, kind, text }) => {
        const us = Date.parse(at) * 1000;
        if (us < summary.fromUs || us > summary.toUs) return null;
        return (
          <rect
            key={id}
            className={`event-${kind}`}
            x={xOf(us)}
            y={0}
            width={kind === 'consent-act' ? 2.4 : 1.2}
            height={height}
          >
            <title>{`${utcTime(at)} ${text}`}</title>
          </rect>
        );
      })}
      {summary.hits.map(({ fromUs, hits }) => (
        <rect key={fromUs} className="hits" x={xOf(fromUs)} y={0} width={Math.max(barWidth, 3)} height={8}>
          <title>{String(hits)}</title>
        </rect>
      ))}
    </>
  );
}

function Veil({ from, to, count }: { readonly from: number; readonly to: number; readonly count: number }) {
  const barWidth = width / count;
  const left = from * barWidth;
  const right = (to + 1) * barWidth;
  return (
    <>
      <rect className="veil" x={0} y={0} width={left} height={height} />
      <rect className="veil" x={right} y={0} width={Math.max(0, width - right)} height={height} />
    </>
  );
}

interface EndProps {
  readonly name: 'from' | 'to';
  readonly place: number;
  readonly count: number;
  readonly summary: TimeSummary;
  readonly onMove: (place: number) => void;
  readonly onWhole: () => void;
}

/** One end of what is chosen, for the keyboard: arrows by one bar, Page by ten, Home and End, Escape for the whole. */
function End({ name, place, count, summary, onMove, onWhole }: EndProps) {
  const { say } = useWords();
  const us = summary.fromUs + (name === 'from' ? place : place + 1) * summary.bucketUs - (name === 'from' ? 0 : 1);
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: place - 1,
    ArrowDown: place - 1,
    ArrowRight: place + 1,
    ArrowUp: place + 1,
    PageDown: place - 10,
    PageUp: place + 10,
    Home: 0,
    End: count - 1,
  };
  function onKeyDown(event: KeyboardEvent): void {
    const wanted = steps[event.key];
    if (event.key === 'Escape') onWhole();
    else if (wanted === undefined) return;
    else onMove(Math.max(0, Math.min(count - 1, wanted)));
    event.preventDefault();
  }
  return (
    <span
      role="slider"
      tabIndex={0}
      className="timeline-end"
      aria-label={say(`ui.timeline.${name}`)}
      aria-valuemin={0}
      aria-valuemax={count - 1}
      aria-valuenow={place}
      aria-valuetext={utcTime(instantText(us))}
      onKeyDown={onKeyDown}
    >
      <Instant at={instantText(us)} />
    </span>
  );
}
