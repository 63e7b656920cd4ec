import { useCallback, useEffect, useRef, useState } from 'react';
import type { RowPage } from '../../shared/contract/traffic.ts';
import type { Answer, ChannelName, Input, Topic } from '../../shared/contract/window.ts';
import type { Problem } from '../../shared/model/problem.ts';
import { call, listen } from './client.ts';

type RowsName = { [Name in ChannelName]: Answer<Name> extends RowPage<unknown> ? Name : never }[ChannelName];
type RowOf<Name extends RowsName> = Answer<Name> extends RowPage<infer Row> ? Row : never;

export interface RowsState<Row> {
  /** The row at this place; undefined while it is fetched. */
  readonly rowAt: (place: number) => Row | undefined;
  /** How many pass; null while they are counted. */
  readonly total: number | null;
  readonly problem: Problem | null;
  /** Says which places are in sight: their pages are fetched. */
  readonly show: (first: number, last: number) => void;
}

const pageRows = 100;
/** Pages kept: enough for going back and forth, little beside a list of millions. */
const keptPages = 60;

interface Book<Row> {
  readonly pages: Map<number, readonly Row[]>;
  readonly asked: Set<number>;
}

/** A list of any length of which only what is in sight is fetched, at whatever place; begins again with another question. */
export function useRows<Name extends RowsName>(
  name: Name,
  question: Omit<Input<Name>, 'from' | 'limit'> | null,
  topics: readonly Topic[] = ['index', 'case'],
): RowsState<RowOf<Name>> {
  type Row = RowOf<Name>;
  const text = JSON.stringify(question);
  const [turn, setTurn] = useState(0);
  const [total, setTotal] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [, redraw] = useState(0);
  const book = useRef<Book<Row>>({ pages: new Map(), asked: new Set() });

  const fetchPage = useCallback(
    (number: number) => {
      const mine = book.current;
      const asked = JSON.parse(text) as object | null;
      if (asked === null || mine.asked.has(number)) return;
      mine.asked.add(number);
      const input = { ...asked, from: number * pageRows, limit: pageRows } as unknown as Input<Name>;
      void call(name, input).then((reply) => {
        if (mine !== book.current) return;
        mine.asked.delete(number);
        if (!reply.ok) {
          setProblem(reply.problem);
          return;
        }
        const page = reply.value as RowPage<Row>;
        mine.pages.delete(number);
        mine.pages.set(number, page.rows);
        for (const oldest of mine.pages.keys()) {
          if (mine.pages.size <= keptPages) break;
          mine.pages.delete(oldest);
        }
        setProblem(null);
        setTotal(page.total);
        redraw((count) => count + 1);
      });
    },
    [name, text],
  );

  useEffect(() => {
    book.current = { pages: new Map(), asked: new Set() };
    setTotal(null);
    setProblem(null);
    fetchPage(0);
  }, [fetchPage, turn]);

  const topicText = topics.join(' ');
  useEffect(() => {
    // `settings` always: main words statements in the chosen language.
    const wanted = ['settings', ...topicText.split(' ')];
    return listen((event) => {
      if (event.type === 'changed' && wanted.includes(event.topic)) setTurn((count) => count + 1);
    });
  }, [topicText]);

  const rowAt = useCallback(
    (place: number) => book.current.pages.get(Math.floor(place / pageRows))?.[place % pageRows],
    [],
  );
  const show = useCallback(
    (first: number, last: number) => {
      for (let number = Math.floor(first / pageRows); number <= Math.floor(last / pageRows); number += 1) {
        if (!book.current.pages.has(number)) fetchPage(number);
      }
    },
    [fetchPage],
  );
  return { rowAt, total, problem, show };
}
