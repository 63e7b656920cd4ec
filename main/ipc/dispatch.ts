import { contract, type ChannelName, type Checked, type Reply } from '../../shared/contract/window.ts';
import { fail, type Result } from '../../shared/model/problem.ts';
import { caseHandlers } from './cases.ts';
import { forward, isForwarded } from './forward.ts';
import type { ForwardedChannel } from '../workflow/host/host-protocol.ts';
import type { Handlers } from './handlers.ts';
import { importHandlers } from './imports.ts';
import { outputHandlers } from './outputs.ts';
import { reportHandlers } from './report.ts';
import type { Session } from './session.ts';
import { settingsHandlers } from './settings.ts';
import { taskHandlers } from './tasks.ts';

/** Where a call came from, as Electron says it. */
export interface Sender {
  readonly url: string | null;
  /** The main frame of our own window, not a frame inside it and not another window. */
  readonly isMainFrameOfWindow: boolean;
}

export const pageOrigin = 'app://handsight';

type OwnChannel = Exclude<ChannelName, ForwardedChannel>;

// Complete by type: a channel that nobody answers does not compile.
const ownHandlers: Handlers<OwnChannel> = {
  ...caseHandlers,
  ...importHandlers,
  ...outputHandlers,
  ...reportHandlers,
  ...settingsHandlers,
  ...taskHandlers,
};

function isChannel(name: unknown): name is ChannelName {
  return typeof name === 'string' && Object.hasOwn(contract, name);
}

/** Length of the input's JSON, or null when it has none (cycles, BigInt, functions). */
function jsonLength(input: unknown): number | null {
  try {
    return JSON.stringify(input)?.length ?? null;
  } catch {
    return null;
  }
}

function refused(detail: string): Reply<never> {
  return fail('value-invalid', { value: detail }, detail);
}

function checkSender(sender: Sender): boolean {
  return sender.isMainFrameOfWindow && sender.url !== null && sender.url.startsWith(`${pageOrigin}/`);
}

function callOwn<Name extends OwnChannel>(
  session: Session,
  name: Name,
  input: Checked<Name>,
): Promise<Result<unknown>> {
  return ownHandlers[name](session, input);
}

/**
 * The one door from the page into main: checks sender, channel, size and schema in this order, then answers.
 * Never rejects; anything unexpected inside becomes problem `internal` with its text as detail.
 */
export function createDispatcher(session: Session) {
  return async function dispatch(sender: Sender, channel: unknown, input: unknown): Promise<Reply<unknown>> {
    if (!checkSender(sender)) return refused('sender');
    if (!isChannel(channel)) return refused('channel');
    const operation = contract[channel];
    const length = jsonLength(input);
    if (length === null || length > operation.maxInputLength) return refused('size');
    const parsed = operation.input.safeParse(input);
    if (!parsed.success) {
      const [first] = parsed.error.issues;
      return fail('value-invalid', { value: first?.path.join('.') ?? '' }, first?.message ?? 'schema');
    }
    try {
      return isForwarded(channel)
        ? await forward(session, channel, parsed.data)
        : await callOwn(session, channel, parsed.data as Checked<typeof channel>);
    } catch (error) {
      return fail('internal', {}, error instanceof Error ? error.message : String(error));
    }
  };
}
