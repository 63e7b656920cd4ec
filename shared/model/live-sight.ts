import type { Confidence } from './finding.ts';
import type { IdentifierKind } from './identifier.ts';
import type { Channel, Direction, Representation } from './traffic.ts';

/**
 * The first time that an identifier was seen going to a host in one way, while a capture is still running. Provisional: the
 * analysis of the closed exhibit decides, with every other writing, salt and rule.
 */
export interface LiveSight {
  readonly identifier: { readonly id: string; readonly kind: IdentifierKind };
  readonly handset: string;
  readonly representation: Representation;
  readonly transform: readonly string[];
  readonly channel: Channel;
  readonly direction: Direction;
  /** Name by which the server was asked for, where one is known yet. */
  readonly host: string | null;
  readonly address: string;
  /** Of the packet, RFC 3339 UTC. */
  readonly at: string;
  /** In the file being captured, from 1. */
  readonly frame: number;
  readonly confidence: Confidence;
}

/** How far the search of a running capture has come. */
export interface LiveState {
  readonly searchedBytes: number;
  /** Written to the disk and not looked at yet. */
  readonly behindBytes: number;
  readonly flows: number;
}
