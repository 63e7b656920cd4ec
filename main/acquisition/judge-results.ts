import type { Outcome } from '../../shared/model/acquisition.ts';
import type { CommandResult } from './ports.ts';

const weight: Readonly<Record<Outcome, number>> = {
  interrupted: 6,
  read: 5,
  'timed-out': 4,
  refused: 3,
  unparsable: 2,
  empty: 1,
  absent: 0,
};

/** What a collector's outcome is, out of its commands': interrupted before read before the reasons for nothing. */
export function decisiveResult(commands: readonly CommandResult[]): CommandResult | null {
  return commands.reduce<CommandResult | null>((best, next) => {
    if (next.isHelp === true && next.outcome === 'read') return best;
    return best === null || weight[next.outcome] > weight[best.outcome] ? next : best;
  }, null);
}

/** Whether something is missing of what was asked: «absent on this release» and what another way answered is not. */
export function isGap({ outcome, reason, replaced }: CommandResult): boolean {
  if (replaced) return false;
  return outcome === 'refused' || outcome === 'timed-out' || outcome === 'interrupted' || reason === 'byte-limit';
}
