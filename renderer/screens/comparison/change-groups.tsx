import type { Change } from '../../../shared/model/comparison.ts';
import { Badge, type BadgeTone } from '../../widgets/badge.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Empty } from '../../widgets/page.tsx';
import { PlainTable, type PlainColumn } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';

const order: readonly Change['kind'][] = [
  'traffic',
  'crash',
  'permission',
  'app-op',
  'fact',
  'build',
  'component',
  'package',
  'setting',
  'property',
];

const changeTones: Readonly<Record<Change['change'], BadgeTone>> = {
  added: 'blue',
  removed: 'warning',
  changed: 'violet',
};

/** Longest group shown at once; the rest is counted and found by search. */
const groupLimit = 300;

function Value({ text }: { readonly text: string | null }) {
  return text === null ? <span className="muted">—</span> : <HostileText text={text} mono max={200} />;
}

function Group({ kind, changes }: { readonly kind: Change['kind']; readonly changes: readonly Change[] }) {
  const { say, number } = useWords();
  const shown = changes.slice(0, groupLimit);
  // What a row about traffic is about, before and after, is a sentence: the same facts in columns would be codes.
  const all: readonly PlainColumn<Change>[] = [
    {
      id: 'change',
      header: say('ui.column.change'),
      cell: (change) => (
        <Badge
          tone={changeTones[change.change]}
          text={say(kind === 'traffic' ? `ui.change-traffic.${change.change}` : `ui.change.${change.change}`)}
        />
      ),
    },
    {
      id: 'subject',
      header: say('ui.column.subject'),
      cell: (change) => <HostileText text={change.subject} mono max={200} />,
    },
    { id: 'before', header: say('ui.compare.before'), cell: (change) => <Value text={change.before} /> },
    { id: 'after', header: say('ui.compare.after'), cell: (change) => <Value text={change.after} /> },
    {
      id: 'meaning',
      header: say('ui.column.meaning'),
      cell: (change) => <HostileText text={change.meaning} max={400} />,
    },
  ];
  return (
    <details className="change-group" open={changes.length <= 40}>
      <summary>
        {say(`ui.change-kind.${kind}`)} <span className="muted">{number(changes.length)}</span>
      </summary>
      <PlainTable
        caption={say(`ui.change-kind.${kind}`)}
        rows={shown}
        rowKey={(change, index) => `${change.subject} ${index}`}
        columns={kind === 'traffic' ? all.filter(({ id }) => id === 'change' || id === 'meaning') : all}
      />
      {changes.length > groupLimit ? (
        <p className="hint">{say('ui.compare.group-cut', { shown: groupLimit, count: changes.length })}</p>
      ) : null}
    </details>
  );
}

/** Changes by kind, what matters most first. */
export function ChangeGroups({ changes }: { readonly changes: readonly Change[] }) {
  const { say } = useWords();
  if (changes.length === 0) return <Empty title={say('ui.compare.none')}>{say('ui.compare.none-about')}</Empty>;
  return (
    <div className="change-groups">
      {order.map((kind) => {
        const group = changes.filter((change) => change.kind === kind);
        return group.length === 0 ? null : <Group key={kind} kind={kind} changes={group} />;
      })}
    </div>
  );
}
