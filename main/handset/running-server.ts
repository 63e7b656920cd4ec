import type { ConnectedHandset } from '../../shared/model/handset.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';
import type { AdbEndpoint } from './adb-connection.ts';
import { askVersion } from './adb-server.ts';
import type { AdbServer } from './adb-server.ts';
import { listHandsets } from './device-list.ts';

/** adb's usual port, where Android Studio or a person's own `adb` keeps its server. */
export const usualAdbEndpoint: AdbEndpoint = { host: '127.0.0.1', port: 5037 };

/** `host:port`, `[v6]:port` or a bare port. Problem: value-invalid. */
export function parseServerAddress(text: string): Result<AdbEndpoint> {
  const match = /^(?:(\[[0-9a-f:.]+\]|[^\s:[\]]+):)?(\d{1,5})$/i.exec(text.trim());
  const port = Number(match?.[2] ?? Number.NaN);
  if (match === null || !(port >= 1 && port <= 65_535)) {
    return fail('value-invalid', { what: 'HANDSIGHT_ADB_SERVER', value: text.slice(0, 100) }, 'expected host:port');
  }
  return ok({ host: (match[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port });
}

/** Uses a server that runs already, without ever starting or ending one. Problem: SERVER_DOWN. */
export async function useRunningServer(endpoint: AdbEndpoint): Promise<Result<AdbServer>> {
  const version = await askVersion(endpoint, 3000);
  if (version === null) return fail('SERVER_DOWN', { host: endpoint.host, port: endpoint.port });
  return ok({
    kind: 'running',
    version,
    endpoint: () => endpoint,
    pid: () => null,
    onEvent: () => () => undefined,
    stop: () => Promise.resolve(),
  });
}

export interface ForeignServer {
  readonly endpoint: AdbEndpoint;
  readonly version: number;
  /** What it holds: USB handsets here cannot be claimed by a second server. */
  readonly handsets: readonly ConnectedHandset[];
}

/** Tells whether somebody's adb server answers on 5037 and which handsets it holds; null when none does. Starts nothing. */
export async function detectForeignServer(endpoint: AdbEndpoint = usualAdbEndpoint): Promise<ForeignServer | null> {
  const version = await askVersion(endpoint, 1000);
  if (version === null) return null;
  const listed = await listHandsets({ endpoint: () => endpoint });
  return { endpoint, version, handsets: listed.ok ? listed.value : [] };
}
