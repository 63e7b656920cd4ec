import { useEffect, useState } from 'react';
import type { IdentifierCheck } from '../../../shared/contract/identifiers.ts';
import { identifierKinds, type Identifier, type IdentifierKind } from '../../../shared/model/identifier.ts';
import {
  identifierMethods,
  methodReference,
  sourceConfidenceOf,
  sourceConfidences,
  type IdentifierMethod,
  type SourceConfidence,
} from '../../../shared/model/identifier-source.ts';
import { call } from '../../bridge/client.ts';
import { useOrder } from '../../bridge/use-order.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useNavigation } from '../../navigation.tsx';
import { useCanWrite, useCase } from '../../open-case.tsx';
import { Badge, type BadgeTone } from '../../widgets/badge.tsx';
import { Button } from '../../widgets/button.tsx';
import { SelectField, TextField } from '../../widgets/field.tsx';
import { hostileLine } from '../../widgets/hostile-parts.ts';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Empty, Panel } from '../../widgets/page.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';
import { ReferenceList } from '../references.tsx';
import { AttachedProblem } from './attached-problem.tsx';
import { groupIdentifiers } from './identifier-groups.ts';

/** Checks while typing, a moment after the last key. */
function useCheck(kind: IdentifierKind, value: string): IdentifierCheck | null {
  const [check, setCheck] = useState<IdentifierCheck | null>(null);
  useEffect(() => {
    setCheck(null);
    if (value.trim() === '') return;
    let current = true;
    const timer = setTimeout(() => {
      void call('identifiers.check', { kind, value }).then((reply) => {
        if (current && reply.ok) setCheck(reply.value);
      });
    }, 250);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [kind, value]);
  return check;
}

function Warnings({ codes }: { readonly codes: readonly string[] }) {
  const { sayIfKnown, say } = useWords();
  if (codes.length === 0) return <span className="muted">{say('ui.identifiers.no-doubt')}</span>;
  return codes.map((code) => (
    <Badge key={code} tone="warning" text={sayIfKnown(`ui.identifier-warning.${code}`, code)} />
  ));
}

function AddIdentifier({
  handsets,
}: {
  readonly handsets: readonly { readonly id: string; readonly label: string }[];
}) {
  const { say, sayIfKnown } = useWords();
  const { case: token } = useCase();
  const order = useOrder('identifiers.add');
  const [handset, setHandset] = useState(handsets[0]?.id ?? '');
  const [kind, setKind] = useState<IdentifierKind>('imei');
  const [value, setValue] = useState('');
  const [source, setSource] = useState('');
  const [photo, setPhoto] = useState('');
  const attached = useQuery('exhibits.attached', { case: token, handset }, ['case']);
  const check = useCheck(kind, value);
  const refused = check !== null && check.value === null;
  const doubts = check === null ? [] : check.warnings.map((code) => sayIfKnown(`ui.identifier-warning.${code}`, code));

  async function add(): Promise<void> {
    const reply = await order.give({ case: token, handset, kind, value, source, photo: photo === '' ? null : photo });
    if (reply.ok) setValue('');
  }

  return (
    <div className="form-grid">
      {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
      <AttachedProblem attached={attached} />
      <SelectField
        label={say('ui.column.handset')}
        value={handset}
        onChange={setHandset}
        options={handsets.map((entry) => ({ value: entry.id, text: `${entry.id} ${entry.label}` }))}
      />
      <SelectField
        label={say('ui.identifiers.kind')}
        value={kind}
        onChange={setKind}
        options={identifierKinds.map((name) => ({ value: name, text: say(`ui.identifier-kind.${name}`) }))}
      />
      <TextField
        label={say('ui.identifiers.value')}
        value={value}
        onChange={setValue}
        mono
        error={refused ? doubts.join(' ') || say('ui.identifiers.refused') : undefined}
        hint={
          check === null || check.value === null
            ? say('ui.identifiers.value-hint')
            : doubts.length > 0
              ? doubts.join(' ')
              : say('ui.identifiers.accepted', { value: check.value })
        }
      />
      <TextField
        label={say('ui.identifiers.source')}
        value={source}
        onChange={setSource}
        hint={say('ui.identifiers.source-hint')}
        suggestions={['label', '*#06#', 'sim-card', 'invoice']}
      />
      <SelectField
        label={say('ui.identifiers.photo')}
        hint={say('ui.identifiers.photo-hint')}
        value={photo}
        onChange={setPhoto}
        options={[
          { value: '', text: say('ui.identifiers.photo-none') },
          ...(attached.value ?? []).map((entry) => ({
            value: entry.id,
            text: hostileLine(`${entry.id} ${entry.originalName}`),
          })),
        ]}
      />
      <div className="button-row">
        <Button
          kind="primary"
          disabled={value.trim() === '' || source.trim() === '' || refused || handset === ''}
          busy={order.busy}
          title={source.trim() === '' ? say('ui.identifiers.source-hint') : undefined}
          onPress={() => void add()}
        >
          {say('ui.identifiers.add')}
        </Button>
      </div>
    </div>
  );
}

const confidenceTones: Readonly<Record<SourceConfidence, BadgeTone>> = {
  high: 'good',
  medium: 'neutral',
  low: 'warning',
};

function Confidence({ of }: { readonly of: SourceConfidence | null }) {
  const { say } = useWords();
  return of === null ? '—' : <Badge tone={confidenceTones[of]} text={say(`ui.source-confidence.${of}`)} />;
}

/** Each way by which these identifiers were had, what it is worth for which kinds, and how it can be wrong. */
function HowSure({ rows }: { readonly rows: readonly Identifier[] }) {
  const { say } = useWords();
  const methods = identifierMethods.filter((method) => rows.some((row) => row.method === method));
  const kindsOf = (method: IdentifierMethod): readonly Identifier['kind'][] =>
    identifierKinds.filter((kind) => rows.some((row) => row.method === method && row.kind === kind));
  return (
    <Panel title={say('ui.identifiers.how-sure')}>
      <PlainTable
        caption={say('ui.identifiers.how-sure')}
        rows={methods.flatMap((method) =>
          sourceConfidences.flatMap((confidence) => {
            const kinds = kindsOf(method).filter((kind) => sourceConfidenceOf(method, kind) === confidence);
            return kinds.length === 0 ? [] : [{ method, confidence, kinds }];
          }),
        )}
        rowKey={({ method, confidence }) => `${method} ${confidence}`}
        columns={[
          {
            id: 'method',
            header: say('ui.identifiers.method'),
            cell: ({ method }) => say(`ui.identifier-method.${method}`),
          },
          {
            id: 'kinds',
            header: say('ui.identifiers.kind'),
            cell: ({ kinds }) => kinds.map((kind) => say(`ui.identifier-kind.${kind}`)).join(', '),
          },
          {
            id: 'confidence',
            header: say('ui.identifiers.confidence'),
            cell: ({ confidence }) => <Confidence of={confidence} />,
          },
          {
            id: 'fault',
            header: say('ui.identifiers.how-wrong'),
            cell: ({ method }) => (
              <>
                {say(`ui.identifier-method-fault.${method}`)}{' '}
                <code className="muted breakable">{methodReference(method)}</code>
              </>
            ),
          },
        ]}
      />
    </Panel>
  );
}

/** The identifiers that traffic is searched for: read from the handset and typed from label, photo or SIM. */
export function Identifiers() {
  const { say } = useWords();
  const { go } = useNavigation();
  const { case: token } = useCase();
  const canWrite = useCanWrite();
  const handsets = useQuery('handsets.list', { case: token }, ['case']);
  const [names, setNames] = useState(false);
  const list = useQuery('identifiers.list', { case: token, names }, ['case']);
  const anyMasked = (list.value ?? []).some(({ masked }) => masked === true);
  const all = groupIdentifiers(list.value ?? []);
  const noHandset = handsets.value?.length === 0;
  return (
    <div className="stack">
      {list.problem === null ? null : <ProblemNotice problem={list.problem} />}
      {noHandset ? (
        <Notice
          tone="info"
          actions={<Button onPress={() => go({ screen: 'handset', tab: 'case' })}>{say('ui.handset.tab-case')}</Button>}
        >
          {say('ui.identifiers.needs-handset')}
        </Notice>
      ) : null}
      {canWrite && handsets.value !== null && handsets.value.length > 0 ? (
        <Panel title={say('ui.identifiers.add-title')}>
          <AddIdentifier handsets={handsets.value} />
        </Panel>
      ) : null}
      <Panel title={say('ui.identifiers.title')}>
        {anyMasked || names ? (
          <div className="button-row">
            {anyMasked ? <p className="hint">{say('ui.identifiers.names-masked')}</p> : null}
            <Button onPress={() => setNames(!names)}>
              {say(names ? 'ui.identifiers.names-hide' : 'ui.identifiers.names-show')}
            </Button>
          </div>
        ) : null}
        {all.length === 0 && list.value !== null ? (
          <Empty title={say('ui.identifiers.none')}>{say('ui.identifiers.none-about')}</Empty>
        ) : (
          <PlainTable
            caption={say('ui.identifiers.title')}
            rows={all}
            rowKey={(entry) => entry.id}
            columns={[
              { id: 'id', header: say('ui.column.id'), cell: (entry) => entry.id },
              { id: 'handset', header: say('ui.column.handset'), cell: (entry) => entry.handset },
              {
                id: 'kind',
                header: say('ui.identifiers.kind'),
                cell: (entry) => say(`ui.identifier-kind.${entry.kind}`),
              },
              {
                id: 'value',
                header: say('ui.identifiers.value'),
                whole: true,
                cell: (entry) => <HostileText text={entry.value} mono max={120} />,
              },
              {
                id: 'source',
                header: say('ui.identifiers.source'),
                cell: (entry) => <ReferenceList ids={entry.sources} first={6} />,
              },
              {
                id: 'confidence',
                header: say('ui.identifiers.confidence'),
                cell: (entry) => <Confidence of={entry.confidence} />,
              },
              {
                id: 'sources',
                header: say('ui.identifiers.sources'),
                cell: (entry) =>
                  entry.independentSources > 1 ? (
                    <Badge tone="good" text={say('ui.identifiers.two-sources')} />
                  ) : (
                    <Badge tone="neutral" text={say('ui.identifiers.one-source')} />
                  ),
              },
              {
                id: 'doubts',
                header: say('ui.identifiers.doubts'),
                cell: (entry) => <Warnings codes={entry.warnings} />,
              },
            ]}
          />
        )}
      </Panel>
      {all.length === 0 ? null : <HowSure rows={list.value ?? []} />}
    </div>
  );
}
