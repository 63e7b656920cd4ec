import { Worker } from 'node:worker_threads';
import type { HostThread } from '../ipc/host-connection.ts';
import type { FromHost, HostStart, ToHost } from '../workflow/host/host-protocol.ts';
import { hostLimits } from '../workflow/heap-limits.ts';

/** The workflow host as a worker thread; its file lies beside this one in the build. */
export function startHostThread(start: HostStart): HostThread {
  const worker = new Worker(new URL('./host.worker.js', import.meta.url), {
    workerData: start,
    name: 'workflow-host',
    resourceLimits: hostLimits,
  });
  let lastError: string | null = null;
  worker.on('error', (error) => {
    lastError = error instanceof Error ? (error.stack ?? error.message) : String(error);
  });
  return {
    post: (message: ToHost) => worker.postMessage(message),
    onMessage: (listener) => {
      worker.on('message', (message: FromHost) => listener(message));
    },
    onGone: (listener) => {
      worker.once('exit', (code) => listener(lastError ?? `workflow host ended with ${code}`));
    },
    terminate: async () => {
      await worker.terminate();
    },
  };
}
