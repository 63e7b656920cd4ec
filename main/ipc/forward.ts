import type { Reply } from '../../shared/contract/window.ts';
import { forwardedChannels, type ForwardedChannel } from '../workflow/host/host-protocol.ts';
import type { Session } from './session.ts';

const forwarded: ReadonlySet<string> = new Set(forwardedChannels);

export function isForwarded(channel: string): channel is ForwardedChannel {
  return forwarded.has(channel);
}

/** Hands a checked input on to the host, with the folder in place of the token and the actor of that case. */
export async function forward(session: Session, channel: ForwardedChannel, input: object): Promise<Reply<unknown>> {
  const { case: token, ...rest } = input as { case?: string };
  if (token === undefined) return session.ports.askHost(channel, rest, null);
  const directory = session.directoryOf(token);
  if (!directory.ok) return directory;
  return session.ports.askHost(channel, { ...rest, directory: directory.value }, session.actorIn(directory.value));
}
