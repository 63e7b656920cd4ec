import type { Destination, Finding } from '../../shared/model/finding.ts';
import type { Flow, Message } from '../../shared/model/traffic.ts';
import { describeDestination } from '../analysis/destinations/describe-destination.ts';
import { buildNameBook } from '../analysis/destinations/name-book.ts';
import { addressBooks } from './address-books.ts';

/**
 * Who is at the other end of a conversation, source by source. A finding in it says so already, with the names that DNS gave the address in the
 * whole capture; else it is what the conversation itself shows (`messages`), and the databases.
 */
export function describeFlow(
  flow: Flow,
  messages: readonly Message[],
  findings: readonly Pick<Finding, 'destination'>[],
): Destination {
  const told = findings.find(({ destination }) => destination !== null)?.destination;
  if (told !== undefined && told !== null) return told;
  const naming = messages.find(
    (one) =>
      (one.kind === 'http-request' && one.host !== null) ||
      one.kind === 'tls-client-hello' ||
      one.kind === 'quic-client-hello',
  );
  return describeDestination(flow, naming ?? null, { names: buildNameBook(messages), ...addressBooks() });
}
