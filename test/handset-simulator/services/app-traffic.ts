import { connect, createServer } from 'node:net';
import type { Device } from '../persona/device.ts';

/** A row of the persona's `traffic.json`: one HTTP request that an app of the handset makes again and again. */
interface AppRequest {
  readonly everySeconds: number;
  readonly firstAfterSeconds: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly body?: string;
}

function requestText({ method, host, path, body }: AppRequest): string {
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    'User-Agent: synthetic-demonstration',
    'Connection: close',
    ...length,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

const answer = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n';

/**
 * The apps of the handset talk while a capture runs: to a server on the handset's own loopback address, so that nothing
 * leaves the workstation. Returns how to stop it.
 */
export function startAppTraffic(device: Device): () => void {
  const raw = device.text('traffic.json');
  if (raw === null) return () => undefined;
  const requests = JSON.parse(raw) as AppRequest[];
  const address = device.loopbackAddress;
  const timers: NodeJS.Timeout[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end(answer));
  });
  const send = (request: AppRequest, port: number): void => {
    const socket = connect({ host: address, port, localAddress: address });
    socket.on('error', () => socket.destroy());
    socket.on('connect', () => socket.write(requestText(request)));
    socket.resume();
  };
  const begin = (port: number): void => {
    for (const request of requests) {
      timers.push(setTimeout(() => send(request, port), request.firstAfterSeconds * 1000));
      timers.push(setInterval(() => send(request, port), request.everySeconds * 1000));
    }
    for (const timer of timers) timer.unref();
  };
  // Port 80 where we may have it (as root), any other where not.
  server.once('error', () => server.listen(0, address));
  server.on('listening', () => {
    const at = server.address();
    if (typeof at === 'object' && at !== null) begin(at.port);
  });
  server.listen(80, address);
  server.unref();
  return () => {
    for (const timer of timers) clearTimeout(timer);
    server.close();
  };
}
