import type { Device } from '../persona/device.ts';
import type { DeviceStream } from '../transport/device-stream.ts';
import { serveReverse } from './reverse-service.ts';
import type { ReverseRules } from './reverse-service.ts';
import { serveShell } from './shell-service.ts';
import type { ShellRequest } from './shell-service.ts';
import { serveSync } from './sync-service.ts';

export interface ServicePort {
  readonly device: Device;
  readonly rules: ReverseRules;
  restart(): void;
  readonly listings: Readonly<Record<string, readonly string[]>>;
}

type Starter = (stream: DeviceStream) => void;

/** `shell:`, `shell,v2,raw:`, `shell,TERM=…,pty:` … with what this release understands of it. */
function shellRequest(service: string, device: Device): ShellRequest | null {
  const match = /^(shell|exec)((?:,[^:,]*)*):([\s\S]*)$/.exec(service);
  if (match === null) return null;
  const options = (match[2] ?? '').split(',').slice(1);
  const line = match[3] ?? '';
  if (match[1] === 'exec') {
    // `exec:` came with Android 5; adbd gives it the bare output with standard error mixed in.
    return device.release >= 500 ? { line, version: 1, crlf: false, merged: true } : null;
  }
  if (options.length > 0 && device.release < 700) return null;
  const second = options.includes('v2');
  if (second && !device.hasFeature('shell_v2')) return null;
  const terminal = options.includes('pty') || (line === '' && !options.includes('raw'));
  return { line, version: second ? 2 : 1, crlf: device.persona.crlf || terminal, merged: !second || terminal };
}

function sayAndClose(text: string): Starter {
  return (stream) => void stream.write(Buffer.from(text)).then(() => stream.end());
}

/** What adbd does with a service string; null: unknown on this release. */
export function serviceFor(service: string, port: ServicePort): Starter | null {
  const { device } = port;
  const request = shellRequest(service, device);
  if (request !== null) return (stream) => void serveShell(device, request, stream);
  if (service === 'sync:') {
    const sync = {
      files: device.files,
      statV2: device.hasFeature('stat_v2'),
      listV2: device.hasFeature('ls_v2'),
      writable: (path: string) => device.writable(path),
      freeBytes: () => device.freeBytes,
      listOverride: (path: string) => port.listings[path] ?? null,
    };
    return (stream) => void serveSync(sync, stream);
  }
  if (service.startsWith('reverse:') && device.release >= 500) {
    return (stream) => void serveReverse(port.rules, service.slice('reverse:'.length), stream);
  }
  if (service.startsWith('reboot:')) {
    return (stream) => {
      stream.end();
      setTimeout(() => port.restart(), 50);
    };
  }
  if (service === 'root:') {
    return sayAndClose(
      device.adbdIsRoot ? 'adbd is already running as root\n' : 'adbd cannot run as root in production builds\n',
    );
  }
  if (service === 'unroot:') return sayAndClose('adbd not running as root\n');
  if (service === 'remount:') return sayAndClose('remount failed: Operation not permitted\n');
  return null;
}
