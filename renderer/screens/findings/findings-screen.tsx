import { useDeferredValue, useState } from 'react';
import type { Severity } from '../../../shared/model/finding.ts';
import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import { identifierKinds } from '../../../shared/model/identifier.ts';
import type { Channel } from '../../../shared/model/traffic.ts';
import { findingOrders, type FindingOrder } from '../../../shared/contract/findings.ts';
import { channels } from '../../../shared/contract/traffic.ts';
import { usePages } from '../../bridge/use-pages.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { DataTable } from '../../widgets/data-table.tsx';
import { SelectField, TextField } from '../../widgets/field.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Empty, Page } from '../../widgets/page.tsx';
import { Tabs } from '../../widgets/tabs.tsx';
import { useWords } from '../../words/words.tsx';
import { LabelFilter } from '../label-and-run.tsx';
import { StaleNotice, useNothingYet } from '../not-analysed.tsx';
import { useFindingColumns } from './finding-columns.tsx';
import { FindingDetailPanel } from './finding-detail.tsx';
import { OperatorTab } from './operator-view.tsx';
import { Recipients } from './recipients.tsx';

type DecisionFilter = 'confirm' | 'dismiss' | 'open';

interface FindingsProps {
  readonly findingKey: string | null;
  readonly number: string | null;
}

function FindingList({ findingKey, number: byNumber }: FindingsProps) {
  const { say, number } = useWords();
  const { case: token, summary } = useCase();
  const [text, setText] = useState('');
  const [label, setLabel] = useState('');
  const [severity, setSeverity] = useState<Severity | ''>('');
  const [kind, setKind] = useState<IdentifierKind | ''>('');
  const [channel, setChannel] = useState<Channel | ''>('');
  const [decision, setDecision] = useState<DecisionFilter | ''>('');
  const [order, setOrder] = useState<FindingOrder>(findingOrders[0]);
  const [chosen, setChosen] = useState<string | null>(findingKey);
  const [wantedNumber, setWantedNumber] = useState(byNumber);
  const filterText = useDeferredValue(text);
  const pages = usePages('findings.list', {
    case: token,
    label: label === '' ? null : label,
    rule: null,
    severity: severity === '' ? null : severity,
    identifierKind: kind === '' ? null : kind,
    channel: channel === '' ? null : channel,
    representation: null,
    decision: decision === '' ? null : decision,
    text: filterText.trim() === '' ? null : filterText,
    order,
  });
  const byKey = useQuery('findings.get', chosen === null ? null : { case: token, key: chosen }, ['case', 'index']);
  const numbered = useQuery(
    'findings.by-number',
    chosen === null && wantedNumber !== null ? { case: token, number: wantedNumber } : null,
    ['case', 'index'],
  );
  const detail = chosen === null ? numbered : byKey;
  const isOpen = chosen !== null || wantedNumber !== null;
  const columns = useFindingColumns(order, isOpen);
  const all = { value: '', text: say('ui.filter.all') } as const;

  return (
    <div className="fill-column">
      <div className="filters">
        <TextField
          label={say('ui.filter.text')}
          value={text}
          onChange={setText}
          placeholder={say('ui.findings.filter')}
        />
        <LabelFilter value={label} onChange={setLabel} names={summary.labels} />
        <SelectField
          label={say('ui.column.severity')}
          value={severity}
          onChange={setSeverity}
          options={[
            all,
            ...(['high', 'medium', 'low', 'info'] as const).map((name) => ({
              value: name,
              text: say(`ui.severity.${name}`),
            })),
          ]}
        />
        <SelectField
          label={say('ui.column.identifier')}
          value={kind}
          onChange={setKind}
          options={[all, ...identifierKinds.map((name) => ({ value: name, text: say(`ui.identifier-kind.${name}`) }))]}
        />
        <SelectField
          label={say('ui.column.channel')}
          value={channel}
          onChange={setChannel}
          options={[all, ...channels.map((name) => ({ value: name, text: say(`ui.channel.${name}`) }))]}
        />
        <SelectField
          label={say('ui.column.decision')}
          value={decision}
          onChange={setDecision}
          options={[
            all,
            ...(['open', 'confirm', 'dismiss'] as const).map((name) => ({
              value: name,
              text: say(`ui.decision.${name}`),
            })),
          ]}
        />
      </div>
      {pages.problem === null ? null : <ProblemNotice problem={pages.problem} />}
      <div className={isOpen ? 'list-detail with-detail fill' : 'list-detail fill'}>
        <div className="list-column">
          <div className="list-head">
            <p className="list-count" role="status">
              {pages.total === null
                ? say('ui.loading')
                : say('ui.findings.count', { count: pages.total, shown: number(pages.total) })}
            </p>
            {isOpen ? null : <p className="hint">{say(`ui.findings.order-about.${order}`)}</p>}
            <SelectField
              label={say('ui.findings.order')}
              value={order}
              onChange={setOrder}
              options={findingOrders.map((name) => ({ value: name, text: say(`ui.findings.order.${name}`) }))}
            />
          </div>
          <DataTable
            label={say('ui.nav.findings')}
            columns={columns}
            compact={isOpen}
            rowHeight={isOpen ? 68 : 50}
            rows={pages.rows}
            total={pages.total}
            rowKey={(row) => row.key}
            selectedKey={chosen ?? detail.value?.finding.key ?? null}
            onOpen={(row) => setChosen(row.key)}
            onEndNear={pages.loadMore}
            empty={
              pages.loading ? (
                say('ui.loading')
              ) : (
                <Empty title={say('ui.findings.none')}>{say('ui.findings.none-about')}</Empty>
              )
            }
          />
        </div>
        {isOpen ? (
          <FindingDetailPanel
            key={detail.value?.finding.key ?? 'none'}
            state={detail}
            onClose={() => {
              setChosen(null);
              setWantedNumber(null);
            }}
          />
        ) : null}
      </div>
    </div>
  );
}

/** What the rules state, each with what it rests on. */
export function FindingsScreen(props: FindingsProps) {
  const { say } = useWords();
  const nothing = useNothingYet();
  const [tab, setTab] = useState<'list' | 'recipients' | 'operator'>('list');
  if (nothing !== null) {
    return (
      <Page title={say('ui.nav.findings')} about={say('ui.findings.about')}>
        {nothing}
      </Page>
    );
  }
  return (
    <Page title={say('ui.nav.findings')} about={say('ui.findings.about')} fill>
      <StaleNotice />
      <Tabs
        label={say('ui.nav.findings')}
        chosen={tab}
        onChoose={setTab}
        tabs={[
          { name: 'list', text: say('ui.findings.tab-list') },
          { name: 'recipients', text: say('ui.findings.tab-recipients') },
          { name: 'operator', text: say('ui.operator.title') },
        ]}
      >
        {tab === 'list' ? <FindingList {...props} /> : tab === 'recipients' ? <Recipients /> : <OperatorTab />}
      </Tabs>
    </Page>
  );
}
