import type { RunId } from '../demo-world/world.ts';
import type { ConversationTruth } from './tcp-conversation.ts';

/** What was put where. Tests read it; the demonstration never writes it. */
export interface PlantedIdentifier {
  readonly run: RunId;
  /** Whose: a unit of the world. */
  readonly unit: 'H1' | 'H2';
  readonly kind: 'imei' | 'imsi' | 'iccid' | 'msisdn' | 'contact-msisdn' | 'android-id' | 'wifi-mac' | 'account';
  /** The value as the world has it. */
  readonly value: string;
  /** From the value outwards, as findings word it; empty for plain. */
  readonly transform: readonly string[];
  /** The exact text in the message (in the decoded body). */
  readonly text: string;
  readonly channel: 'cleartext';
  readonly host: string;
  readonly direction: 'to-server' | 'to-client' | 'lan';
  /** False: it stands in a compressed body, and `frames` are those of the whole body. */
  readonly exact: boolean;
  /** Client port of its TCP connection; null for UDP. */
  readonly clientPort: number | null;
  /** Wireshark's numbers of the packets that carried it first. */
  readonly frames: readonly number[];
  /** How the body goes over the wire, where it is in one. */
  readonly coding: 'none' | 'gzip' | 'chunked' | 'gzip+chunked';
}

export interface CaptureTruth {
  readonly run: RunId;
  readonly packets: number;
  readonly conversations: readonly ConversationTruth[];
  readonly planted: readonly PlantedIdentifier[];
}
