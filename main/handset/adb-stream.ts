import type { Socket } from 'node:net';
import type { ProblemCode } from '../../shared/model/problem.ts';

/** Why we ourselves ended a stream; null while the other side is to blame. */
export type OwnEnd = Extract<ProblemCode, 'TIMEOUT' | 'ABORTED'> | null;

/** The socket is paused above so many unread bytes, and read on below half of it. */
const highWaterBytes = 512 * 1024;

/**
 * One stream to the adb server, read when asked: a slow consumer pauses the socket and so slows the sender (real
 * backpressure). Bytes that came are handed on even when a reset follows them (a Node stream would throw away what it
 * had buffered). Every wait ends: by data, by the peer, by time-out or by abort.
 */
export class AdbStream {
  readonly socket: Socket;
  bytesReceived = 0;
  bytesSent = 0;
  /** The error that ended the stream, when one did. */
  error: Error | null = null;
  ownEnd: OwnEnd = null;
  readonly #queue: Buffer[] = [];
  #queuedBytes = 0;
  #closed = false;
  #wake: (() => void) | null = null;
  #timer: NodeJS.Timeout | null = null;
  #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.end('ABORTED');

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#arrived(chunk));
    socket.on('error', (error: Error) => (this.error ??= error));
    socket.on('end', () => this.#ended());
    socket.on('close', () => this.#ended());
    if (socket.destroyed) this.#ended();
  }

  #arrived(chunk: Buffer): void {
    this.bytesReceived += chunk.length;
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.#queuedBytes > highWaterBytes) this.socket.pause();
    this.#awake();
  }

  #ended(): void {
    this.#closed = true;
    this.#awake();
  }

  #awake(): void {
    this.#wake?.();
    this.#wake = null;
  }

  /** Ends the stream after `timeoutMs` (null: never) and when `signal` aborts. Calling again replaces both. */
  limit(timeoutMs: number | null, signal: AbortSignal | undefined): void {
    this.#clearLimits();
    if (timeoutMs !== null) this.#timer = setTimeout(() => this.end('TIMEOUT'), timeoutMs);
    this.#signal = signal;
    if (signal?.aborted === true) this.end('ABORTED');
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Next bytes as they come, at least one; null at the end, whatever ended it. One reader at a time. */
  async next(): Promise<Buffer | null> {
    for (;;) {
      const chunk = this.#queue.shift();
      if (chunk !== undefined) {
        this.#queuedBytes -= chunk.length;
        if (this.#queuedBytes < highWaterBytes / 2 && this.socket.isPaused()) this.socket.resume();
        return chunk;
      }
      if (this.#closed) return null;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Gives bytes back, to be read again first. */
  unread(bytes: Buffer): void {
    this.#queue.unshift(bytes);
    this.#queuedBytes += bytes.length;
  }

  /** Exactly `count` bytes, or null when the stream ends before. What came of them stays readable. */
  async exactly(count: number): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    let have = 0;
    while (have < count) {
      const chunk = await this.next();
      if (chunk === null) {
        if (have > 0) this.unread(Buffer.concat(parts));
        return null;
      }
      const wanted = count - have;
      if (chunk.length > wanted) this.unread(chunk.subarray(wanted));
      parts.push(chunk.length > wanted ? chunk.subarray(0, wanted) : chunk);
      have += Math.min(chunk.length, wanted);
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  /** Writes with backpressure; false when the stream is gone. */
  async write(bytes: Uint8Array): Promise<boolean> {
    if (this.socket.destroyed || !this.socket.writable) return false;
    return await new Promise<boolean>((resolve) => {
      const onClose = (): void => resolve(false);
      this.socket.once('close', onClose);
      this.socket.write(bytes, (error) => {
        this.socket.off('close', onClose);
        if (error === null || error === undefined) this.bytesSent += bytes.length;
        else this.error ??= error;
        resolve(error === null || error === undefined);
      });
    });
  }

  /** Ends it from our side; the first reason stays. */
  end(reason: OwnEnd): void {
    this.#clearLimits();
    if (!this.socket.destroyed) this.ownEnd ??= reason;
    this.socket.destroy();
  }

  #clearLimits(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#signal = undefined;
  }
}
