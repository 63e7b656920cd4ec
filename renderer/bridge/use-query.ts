import { useCallback, useEffect, useRef, useState } from 'react';
import type { Answer, ChannelName, Input, Topic } from '../../shared/contract/window.ts';
import type { Problem } from '../../shared/model/problem.ts';
import { call, listen } from './client.ts';

export interface QueryState<Value> {
  /** The last good answer; stays while a newer one is fetched. */
  readonly value: Value | null;
  readonly problem: Problem | null;
  readonly loading: boolean;
  readonly reload: () => void;
}

/**
 * Asks once, and again whenever one of `topics` is said to have changed.
 * `input` null means: not yet. A new input forgets the old answer.
 */
export function useQuery<Name extends ChannelName>(
  name: Name,
  input: Input<Name> | null,
  topics: readonly Topic[] = [],
): QueryState<Answer<Name>> {
  const [state, setState] = useState<{ value: Answer<Name> | null; problem: Problem | null; loading: boolean }>({
    value: null,
    problem: null,
    loading: input !== null,
  });
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((count) => count + 1), []);
  const inputText = JSON.stringify(input);
  const topicText = topics.join(' ');
  const shownFor = useRef<string | null>(null);

  useEffect(() => {
    const asked = JSON.parse(inputText) as Input<Name> | null;
    if (asked === null) return;
    let current = true;
    const isOtherQuestion = shownFor.current !== inputText;
    shownFor.current = inputText;
    setState((old) => (isOtherQuestion ? { value: null, problem: null, loading: true } : { ...old, loading: true }));
    void call(name, asked).then((reply) => {
      if (!current) return;
      setState((old) =>
        reply.ok
          ? { value: reply.value, problem: null, loading: false }
          : { value: old.value, problem: reply.problem, loading: false },
      );
    });
    return () => {
      current = false;
    };
  }, [name, inputText, turn]);

  useEffect(() => {
    // `settings` always: main words statements and reasons in the chosen language.
    const wanted = ['settings', ...topicText.split(' ')];
    return listen((event) => {
      if (event.type === 'changed' && wanted.includes(event.topic)) reload();
    });
  }, [topicText, reload]);

  return { ...state, reload };
}
