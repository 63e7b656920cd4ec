import type { OperatorView } from '../../../shared/contract/operator.ts';
import { useWords } from '../../words/words.tsx';

const width = 900;
const boxWidth = 190;
const step = (width - boxWidth) / 3;

/** Who stands on the path, and how many of the readable things each of them could read. */
export function OperatorPicture({ view }: { readonly view: OperatorView }) {
  const { say, number } = useWords();
  const onPath = view.rows.filter(({ reach }) => reach === 'path').length;
  const onLink = view.rows.length - onPath;
  // A pseudonym is readable, too, but it is not the identifier: it has its row, and is not counted here.
  const identifiers = view.rows.filter(
    ({ what, reach, representation }) =>
      what === 'identifier' && reach === 'path' && (representation === 'plain' || representation === 'encoded'),
  ).length;
  const figures = {
    link: number(onPath + onLink),
    path: number(onPath),
    identifiers: number(identifiers),
    hidden: number(view.hiddenTotal.flows),
  };
  const stations = [
    { name: say('ui.operator.station.handset'), lines: [say('ui.operator.sends')], kind: 'end' },
    {
      name: say('ui.operator.station.access'),
      lines: [say('ui.operator.reads', { count: figures.link }), say('ui.operator.identifiers', figures)],
      kind: 'reader',
    },
    {
      name: say('ui.operator.station.networks'),
      lines: [say('ui.operator.reads', { count: figures.path }), say('ui.operator.identifiers', figures)],
      kind: 'reader',
    },
    {
      name: say('ui.operator.station.recipient'),
      lines: [say('ui.operator.recipient-reads'), say('ui.operator.recipient-hidden', figures)],
      kind: 'end',
    },
  ];
  const summary = stations.map(({ name, lines }) => `${name}: ${lines.join(', ')}`).join('; ');
  return (
    <figure className="operator-picture">
      <svg viewBox={`0 0 ${width} 132`} role="img" aria-label={summary}>
        <defs>
          <marker id="operator-head" viewBox="0 0 8 8" refX={6} refY={4} markerWidth={7} markerHeight={7} orient="auto">
            <path d="M 0 0 L 8 4 L 0 8 z" />
          </marker>
        </defs>
        {stations.map(({ name, lines, kind }, index) => (
          <g key={name}>
            {index === 0 ? null : (
              <path
                className="path-arrow"
                d={`M ${index * step - (step - boxWidth) + 4} 40 H ${index * step - 6}`}
                markerEnd="url(#operator-head)"
              />
            )}
            <rect
              className={`operator-box operator-box-${kind}`}
              x={index * step + 1}
              y={1}
              width={boxWidth - 2}
              height={78}
              rx={8}
            />
            <text className="path-name" x={index * step + 12} y={24}>
              {name}
            </text>
            {lines.map((line, at) => (
              <text key={line} className="operator-line" x={index * step + 12} y={45 + at * 19}>
                {line}
              </text>
            ))}
          </g>
        ))}
        <text className="operator-line operator-seen" x={0} y={106}>
          {say('ui.operator.seen-always')}
        </text>
        <text className="operator-line" x={0} y={125}>
          {say('ui.operator.hidden-short', figures)}
        </text>
      </svg>
    </figure>
  );
}
