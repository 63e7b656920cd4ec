import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { AdbServerAddress } from '../../../main/handset/adb-service.ts';

export type ServiceScript = (service: string, socket: Socket, reader: ExactReader) => Promise<void>;

/** Reads exact counts from a socket; null at its end. */
export class ExactReader {
  #have: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake: (() => void) | null = null;

  constructor(socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#have = Buffer.concat([this.#have, chunk]);
      this.#wake?.();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#ended = true;
      this.#wake?.();
    });
  }

  async exactly(count: number): Promise<Buffer | null> {
    while (this.#have.length < count) {
      if (this.#ended) return null;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const taken = this.#have.subarray(0, count);
    this.#have = this.#have.subarray(count);
    return taken;
  }
}

/** Plays the adb server for what the real one never does: wrong answers, hostile lengths, dying at a chosen byte. */
export async function startFakeServer(
  script: ServiceScript,
): Promise<AdbServerAddress & { close(): Promise<void>; requests: string[] }> {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    // As adb does: otherwise a second small write waits for the delayed acknowledgement of the first.
    socket.setNoDelay(true);
    const reader = new ExactReader(socket);
    void (async () => {
      for (;;) {
        const header = await reader.exactly(4);
        if (header === null) return;
        const service = await reader.exactly(parseInt(header.toString('latin1'), 16));
        if (service === null) return;
        requests.push(service.toString('utf8'));
        await script(service.toString('utf8'), socket, reader);
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: () => ({ host: '127.0.0.1', port }),
    requests,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function block(text: string): string {
  return Buffer.byteLength(text).toString(16).padStart(4, '0') + text;
}
