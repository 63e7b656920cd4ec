import { useCallback, useEffect, useRef, useState } from 'react';
import type { Page } from '../../shared/contract/operation.ts';
import type { Answer, ChannelName, Input, Topic } from '../../shared/contract/window.ts';
import type { Problem } from '../../shared/model/problem.ts';
import { call, listen } from './client.ts';

type PagedName = { [Name in ChannelName]: Answer<Name> extends Page<unknown> ? Name : never }[ChannelName];
type RowOf<Name extends PagedName> = Answer<Name> extends Page<infer Row> ? Row : never;

export interface PagesState<Row> {
  readonly rows: readonly Row[];
  /** Null until the first page is here. */
  readonly total: number | null;
  readonly problem: Problem | null;
  readonly loading: boolean;
  readonly loadMore: () => void;
}

const pageSize = 200;

/** A long list, read page by page by key; begins again when the filter or one of the topics changes. */
export function usePages<Name extends PagedName>(
  name: Name,
  filter: Omit<Input<Name>, 'after' | 'limit'>,
  topics: readonly Topic[] = ['index', 'case'],
): PagesState<RowOf<Name>> {
  type Row = RowOf<Name>;
  const [state, setState] = useState<{
    rows: readonly Row[];
    next: string | null;
    total: number | null;
    problem: Problem | null;
    loading: boolean;
  }>({ rows: [], next: null, total: null, problem: null, loading: true });
  const [turn, setTurn] = useState(0);
  const generation = useRef(0);
  const busy = useRef(false);
  const filterText = JSON.stringify(filter);
  const topicText = topics.join(' ');

  const fetchPage = useCallback(
    (after: string | null) => {
      const mine = generation.current;
      busy.current = true;
      setState((old) => ({ ...old, loading: true }));
      const input = { ...(JSON.parse(filterText) as object), after, limit: pageSize } as Input<Name>;
      void call(name, input).then((reply) => {
        if (mine !== generation.current) return;
        busy.current = false;
        if (!reply.ok) {
          setState((old) => ({ ...old, problem: reply.problem, loading: false }));
          return;
        }
        const page = reply.value as Page<Row>;
        setState((old) => ({
          rows: after === null ? page.rows : [...old.rows, ...page.rows],
          next: page.next,
          total: page.total,
          problem: null,
          loading: false,
        }));
      });
    },
    [name, filterText],
  );

  useEffect(() => {
    generation.current += 1;
    fetchPage(null);
  }, [fetchPage, turn]);

  useEffect(() => {
    // `settings` always: main words statements and reasons in the chosen language.
    const wanted = ['settings', ...topicText.split(' ')];
    return listen((event) => {
      if (event.type === 'changed' && wanted.includes(event.topic)) setTurn((count) => count + 1);
    });
  }, [topicText]);

  const { next } = state;
  const loadMore = useCallback(() => {
    if (next !== null && !busy.current) fetchPage(next);
  }, [next, fetchPage]);

  return { rows: state.rows, total: state.total, problem: state.problem, loading: state.loading, loadMore };
}
