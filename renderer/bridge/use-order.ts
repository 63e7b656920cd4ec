import { useCallback, useState } from 'react';
import type { Answer, ChannelName, Input, Reply } from '../../shared/contract/window.ts';
import type { Problem } from '../../shared/model/problem.ts';
import { call } from './client.ts';

export interface OrderState<Name extends ChannelName> {
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly give: (input: Input<Name>) => Promise<Reply<Answer<Name>>>;
  readonly clear: () => void;
}

/** A command behind a button: whether it is under way, and what came of it. */
export function useOrder<Name extends ChannelName>(name: Name): OrderState<Name> {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const give = useCallback(
    async (input: Input<Name>) => {
      setBusy(true);
      setProblem(null);
      const reply = await call(name, input);
      setBusy(false);
      if (!reply.ok) setProblem(reply.problem);
      return reply;
    },
    [name],
  );
  const clear = useCallback(() => setProblem(null), []);
  return { busy, problem, give, clear };
}
