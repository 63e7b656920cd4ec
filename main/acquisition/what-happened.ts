import type { StepContext } from './run-command.ts';

/** «Not found» is said of a file and of a handset alike: the server knows which. */
export async function whatHappened({ link }: Pick<StepContext, 'link'>, code: string): Promise<string> {
  if (code !== 'NOT_FOUND') return code;
  const seen = await link.look();
  return seen.ok && seen.value.state === 'device' ? 'NOT_FOUND' : 'OFFLINE';
}
