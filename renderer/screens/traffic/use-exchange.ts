import { useEffect, useState } from 'react';
import type { ExchangeState } from '../../../shared/contract/exchange.ts';
import type { Problem } from '../../../shared/model/problem.ts';
import { call, listen } from '../../bridge/client.ts';

export interface ExchangeReading {
  readonly state: ExchangeState | null;
  readonly problem: Problem | null;
}

/** Has the exhibit read again for one conversation and tells how far that is; begins anew when the index is another one. */
export function useExchange(token: string, flow: number): ExchangeReading {
  const [reading, setReading] = useState<ExchangeReading>({ state: null, problem: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let current = true;
    setReading({ state: null, problem: null });
    // Each answer comes when the reading is done or within half a second: no timer is needed.
    const ask = async (): Promise<void> => {
      while (current) {
        const reply = await call('exchange.open', { case: token, flow });
        if (!current) return;
        setReading(reply.ok ? { state: reply.value, problem: null } : { state: null, problem: reply.problem });
        if (!reply.ok || reply.value.status === 'ready') return;
      }
    };
    void ask();
    return () => {
      current = false;
    };
  }, [token, flow, turn]);
  useEffect(
    () =>
      listen((event) => {
        if (event.type === 'changed' && event.topic === 'index') setTurn((count) => count + 1);
      }),
    [],
  );
  return reading;
}
