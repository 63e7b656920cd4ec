import type { Connection, Direction, StreamParser } from '../direction.ts';
import type { Emitter } from '../emitter.ts';
import { DecryptedEmitter, type DecryptedDirection } from './decrypted-emitter.ts';
import { KeyLog } from './key-log.ts';
import { QuicEmitter } from './quic-emitter.ts';

const provided = new WeakMap<Emitter, ProvidedKeys>();

/** The secrets that were given with a capture, and where deciphered content goes. */
export class ProvidedKeys {
  readonly log: KeyLog;
  private readonly emitter: DecryptedEmitter;
  /** Where what stands in QUIC packets goes. */
  readonly quic: QuicEmitter;
  private readonly connections = new WeakMap<Connection, readonly [DecryptedDirection, DecryptedDirection]>();

  constructor(emitter: DecryptedEmitter, quic: QuicEmitter, log: KeyLog) {
    this.emitter = emitter;
    this.quic = quic;
    this.log = log;
  }

  decrypted(d: Direction): DecryptedDirection {
    let pair = this.connections.get(d.connection);
    if (pair === undefined) {
      pair = this.emitter.connect(d.connection);
      this.connections.set(d.connection, pair);
    }
    return pair[d.side];
  }
}

/**
 * Lets the parsers that hand on through `out` use a key log, to which the capture itself may add.
 * @param fresh gives deciphered bytes their first parser
 */
export function provideKeys(
  out: Emitter,
  fresh: (out: Emitter) => (d: Direction, position: number) => StreamParser,
  log = new KeyLog(),
): ProvidedKeys {
  const keys = new ProvidedKeys(new DecryptedEmitter(out, fresh), new QuicEmitter(out), log);
  provided.set(out, keys);
  return keys;
}

/** @returns null when there are no secrets at all */
export function keysOf(out: Emitter): ProvidedKeys | null {
  const keys = provided.get(out);
  return keys === undefined || keys.log.size === 0 ? null : keys;
}
