import { parentPort, workerData } from 'node:worker_threads';
import { serveHost } from '../host/serve-host.ts';
import type { HostStart, ToHost } from '../host/host-protocol.ts';

const port = parentPort;
if (port === null) throw new Error('host.worker runs as a worker only');
const take = serveHost(workerData as HostStart, (message) => port.postMessage(message));
port.on('message', (message: ToHost) => take(message));
