import type { TransformPath } from '../../../shared/contract/transform-path.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { hostileParts } from '../../widgets/hostile-parts.ts';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { stepText } from '../../words/step-text.ts';
import { useWords, type Words } from '../../words/words.tsx';

interface Station {
  readonly name: string;
  /** Null: it cannot be computed here. */
  readonly value: string | null;
  readonly kind: 'identifier' | 'step' | 'found' | 'undone' | 'wire';
}

/** From the identifier outwards to the bytes found, then the layers around them, out to the wire. */
function stationsOf(path: TransformPath, words: Words): readonly Station[] {
  const { say, sayIfKnown } = words;
  const identifier = say(`ui.identifier-kind.${path.kind}`);
  const form = path.form === null ? identifier : say('ui.path.form', { identifier, form: path.form });
  const steps = path.steps.map(({ step, value, isBytes }): Station => ({
    name: isBytes ? say('ui.path.bytes', { step: stepText(step, words) }) : stepText(step, words),
    value,
    kind: 'step',
  }));
  const undone = path.decodings.toReversed().map((step): Station => ({
    name: say('ui.path.inside', { layer: sayIfKnown(`ui.decoding.${step}`, step) }),
    value: '',
    kind: 'undone',
  }));
  return [
    { name: form, value: path.text, kind: 'identifier' },
    ...steps,
    { name: say('ui.path.found'), value: path.wire, kind: 'found' },
    ...undone,
    { name: say(path.inRecord ? 'ui.path.record' : 'ui.path.wire'), value: '', kind: 'wire' },
  ];
}

const width = 520;
const boxHeight = 44;
const gap = 20;
/** Characters of a value that fit into a box; the whole value is in the list. */
const fits = 56;

const visible = (text: string): string =>
  hostileParts(text)
    .map((part) => part.text)
    .join('');

function cutText(text: string): string {
  const shown = visible(text);
  return shown.length > fits ? `${shown.slice(0, fits - 1)}…` : shown;
}

function Box({ station, index }: { readonly station: Station; readonly index: number }) {
  const { say } = useWords();
  const top = index * (boxHeight + gap);
  const value = station.value ?? say('ui.path.not-computed');
  return (
    <g>
      {index === 0 ? null : (
        <path className="path-arrow" d={`M ${width / 2} ${top - gap + 2} V ${top - 5}`} markerEnd="url(#path-head)" />
      )}
      <rect
        className={`path-box path-box-${station.kind}`}
        x={1}
        y={top + 1}
        width={width - 2}
        height={boxHeight - 2}
        rx={6}
      />
      <text className="path-name" x={14} y={value === '' ? top + 27 : top + 18}>
        {visible(station.name)}
      </text>
      {value === '' ? null : (
        <text className={station.value === null ? 'path-value path-missing' : 'path-value'} x={14} y={top + 35}>
          {cutText(value)}
        </text>
      )}
    </g>
  );
}

/** The way of an identifier to the wire as a picture, with its values; the same as a list for who does not see it. */
function Picture({ path }: { readonly path: TransformPath }) {
  const words = useWords();
  const { say } = words;
  const stations = stationsOf(path, words);
  const height = stations.length * (boxHeight + gap) - gap;
  return (
    <section className="transform-picture">
      <h3>{say('ui.path.title')}</h3>
      <svg viewBox={`0 0 ${width} ${height}`} role="presentation" aria-hidden="true" focusable="false">
        <defs>
          <marker id="path-head" viewBox="0 0 8 8" refX={6} refY={4} markerWidth={7} markerHeight={7} orient="auto">
            <path d="M 0 0 L 8 4 L 0 8 z" />
          </marker>
        </defs>
        {stations.map((station, index) => (
          <Box key={index} station={station} index={index} />
        ))}
      </svg>
      <p className={`path-compared path-compared-${path.compared}`}>{say(`ui.path.compared.${path.compared}`)}</p>
      {path.scheme === null ? null : (
        <p className="hint">
          {say('ui.path.scheme', { name: path.scheme.name })} <HostileText text={path.scheme.source} max={300} />
        </p>
      )}
      <details>
        <summary>{say('ui.path.as-list')}</summary>
        <ol className="path-list">
          {stations.map((station, index) => (
            <li key={index}>
              {station.name}
              {station.value === '' ? null : ': '}
              {station.value === '' ? null : (
                <HostileText text={station.value ?? say('ui.path.not-computed')} mono={station.value !== null} />
              )}
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}

/** Asks for the way of one finding; nothing is shown where it has none. */
export function TransformPicture({ findingKey }: { readonly findingKey: string }) {
  const { case: token } = useCase();
  const path = useQuery('findings.path', { case: token, key: findingKey }, ['case', 'index']);
  return path.value === null ? null : <Picture path={path.value} />;
}
