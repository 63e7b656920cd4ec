import { useState, type ReactNode } from 'react';
import type { RowOrder } from '../../../shared/filter/row-shapes.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useRows } from '../../bridge/use-rows.ts';
import type { RowsState } from '../../bridge/use-rows.ts';
import { useNavigation } from '../../navigation.tsx';
import { useCase } from '../../open-case.tsx';
import { LongTable } from '../../widgets/long-table.tsx';
import type { LongTableProps } from '../../widgets/long-table.tsx';
import { ProblemNotice } from '../../widgets/notice.tsx';
import { Empty } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { FlowDetailPanel } from './flow-detail.tsx';
import { useFlowColumns, useHitColumns, useMessageColumns } from './row-columns.tsx';

interface RowsProps {
  readonly filter: string;
  readonly onPick: NonNullable<LongTableProps<unknown, string>['onPick']>;
}

interface Sorted<Order> {
  readonly order: Order;
  readonly descending: boolean;
}

type ListProps<Row, Order extends string> = Pick<
  LongTableProps<Row, Order>,
  'label' | 'columns' | 'rowKey' | 'onOpen' | 'selectedKey' | 'onPick'
> & {
  readonly state: RowsState<Row>;
  readonly sort: Sorted<Order>;
  readonly onSort: (sort: Sorted<Order>) => void;
  /** How many there are, in words. */
  readonly counted: (total: number) => string;
  /** Beside the list. */
  readonly detail: ReactNode;
};

/** A list with how much it holds, and what is open beside it. */
function RowList<Row, Order extends string>(props: ListProps<Row, Order>) {
  const { state, sort, onSort, counted, detail, ...table } = props;
  const { say } = useWords();
  const { total } = state;
  return (
    <div className="fill-column">
      <p className="list-count" role="status">
        {total === null ? say('ui.traffic.counting') : counted(total)}
      </p>
      {state.problem === null ? null : <ProblemNotice problem={state.problem} />}
      <div className={detail === null ? 'list-detail fill' : 'list-detail with-detail fill'}>
        <LongTable
          {...table}
          compact={detail !== null}
          // While they are counted a screen of them stands for what comes.
          count={total ?? 12}
          rowAt={state.rowAt}
          onShow={state.show}
          order={sort.order}
          descending={sort.descending}
          onOrder={(order, descending) => onSort({ order, descending })}
          empty={<Empty title={say('ui.traffic.none')}>{say('ui.traffic.none-about')}</Empty>}
        />
        {detail}
      </div>
    </div>
  );
}

function OpenFlow({ flow, onClose }: { readonly flow: number; readonly onClose: () => void }) {
  const { case: token } = useCase();
  const state = useQuery('traffic.flow', { case: token, flow }, ['index']);
  return <FlowDetailPanel state={state} onClose={onClose} />;
}

export function FlowRows({ filter, flow, onPick }: RowsProps & { readonly flow: number | null }) {
  const { say, number } = useWords();
  const { case: token } = useCase();
  const [chosen, setChosen] = useState<number | null>(flow);
  const [sort, setSort] = useState<Sorted<RowOrder<'flow'>>>({ order: 'captured', descending: false });
  return (
    <RowList
      label={say('ui.traffic.tab-flows')}
      columns={useFlowColumns()}
      state={useRows('traffic.flow-rows', { case: token, filter, ...sort })}
      rowKey={(row) => String(row.id)}
      sort={sort}
      onSort={setSort}
      counted={(total) => say('ui.traffic.count', { count: total, shown: number(total) })}
      selectedKey={chosen === null ? null : String(chosen)}
      onOpen={(row) => setChosen(row.id)}
      onPick={onPick}
      detail={chosen === null ? null : <OpenFlow flow={chosen} onClose={() => setChosen(null)} />}
    />
  );
}

export function MessageRows({ filter, onPick }: RowsProps) {
  const { say, number } = useWords();
  const { case: token } = useCase();
  const [chosen, setChosen] = useState<{ readonly id: number; readonly flow: number } | null>(null);
  const [sort, setSort] = useState<Sorted<RowOrder<'message'>>>({ order: 'captured', descending: false });
  return (
    <RowList
      label={say('ui.traffic.tab-messages')}
      columns={useMessageColumns()}
      state={useRows('traffic.message-rows', { case: token, filter, ...sort })}
      rowKey={(row) => String(row.id)}
      sort={sort}
      onSort={setSort}
      counted={(total) => say('ui.traffic.count-messages', { count: total, shown: number(total) })}
      selectedKey={chosen === null ? null : String(chosen.id)}
      onOpen={({ id, flow }) => setChosen({ id, flow })}
      onPick={onPick}
      detail={chosen === null ? null : <OpenFlow flow={chosen.flow} onClose={() => setChosen(null)} />}
    />
  );
}

export function HitRows({ filter, onPick }: RowsProps) {
  const { say, number } = useWords();
  const { case: token } = useCase();
  const { go } = useNavigation();
  const [sort, setSort] = useState<Sorted<RowOrder<'finding'>>>({ order: 'severity', descending: false });
  return (
    <RowList
      label={say('ui.traffic.tab-hits')}
      columns={useHitColumns()}
      state={useRows('traffic.hit-rows', { case: token, filter, ...sort })}
      rowKey={(row) => row.key}
      sort={sort}
      onSort={setSort}
      counted={(total) => say('ui.traffic.count-hits', { count: total, shown: number(total) })}
      selectedKey={null}
      onOpen={(row) => go({ screen: 'findings', key: row.key })}
      onPick={onPick}
      detail={null}
    />
  );
}
