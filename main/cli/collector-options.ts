import type { ChosenProfile } from '../../shared/model/acquisition.ts';
import { collectorsFor, unknownCollectors } from '../acquisition/own-profile.ts';
import { collectors as known } from '../acquisition/plan.ts';
import { UsageError, choice } from './command.ts';
import type { Terminal } from './terminal.ts';
import { plain } from './terminal.ts';

export const profileOption = ['--profile <profile>', 'quick, standard or full (default: standard)'] as const;
export const collectorsOption = [
  '--collectors <ids>',
  `one's own selection in place of a profile, ids separated by commas: ${known.map(({ id }) => id).join(', ')}`,
] as const;

export interface CollectorOptions {
  readonly profile?: string;
  readonly collectors?: string;
}

/** What is to be asked: a named profile, or one's own selection. Throws UsageError. */
export function chosenScope(options: CollectorOptions): {
  readonly profile: ChosenProfile;
  readonly collectors: readonly string[];
} {
  if (options.collectors === undefined) {
    const profile = choice('--profile', options.profile ?? 'standard', ['quick', 'standard', 'full'] as const);
    return { profile, collectors: [] };
  }
  if (options.profile !== undefined) throw new UsageError('collectors-alone');
  const collectors = options.collectors
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const unknown = unknownCollectors(collectors);
  if (unknown.length > 0 || collectors.length === 0) {
    const value = JSON.stringify(unknown.length > 0 ? unknown.join(',') : options.collectors);
    throw new UsageError('collectors-unknown', { value, known: known.map(({ id }) => id).join(', ') });
  }
  return { profile: 'own', collectors };
}

/** What is asked beside one's own selection is said. */
export function tellAlwaysAsked(terminal: Terminal, collectors: readonly string[]): void {
  const beside = collectorsFor('own', collectors)
    .map(({ id }) => id)
    .filter((id) => !collectors.includes(id));
  if (beside.length > 0)
    terminal.note(plain(terminal.words('cli.collectors.always', { collectors: beside.join(', ') })));
}
