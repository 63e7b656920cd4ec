import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { complain, say } from '../shell/command.ts';
import type { CommandContext, CommandTable } from '../shell/command.ts';

/** Where a request of the handset may go: the workstation's loopback, and nowhere else. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

const answerCap = 256 * 1024;

/** One HTTP/1.1 GET from the handset's own loopback address, so that a capture of the handset sees it. */
function get(from: string, url: URL, headers: readonly string[]): Promise<Buffer | null> {
  const port = Number(url.port === '' ? '80' : url.port);
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const host = url.hostname === 'localhost' ? '127.0.0.1' : url.hostname;
    const socket = connect({ host, port, localAddress: from, timeout: 5000 });
    const finish = (result: Buffer | null): void => {
      socket.destroy();
      resolve(result);
    };
    socket.on('connect', () => {
      const lines = [
        `GET ${url.pathname}${url.search} HTTP/1.1`,
        `Host: ${url.host}`,
        'User-Agent: curl/8.5.0',
        'Accept: */*',
        ...headers,
      ];
      socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`);
    });
    socket.on('data', (data) => {
      bytes += data.length;
      if (bytes <= answerCap) parts.push(data);
    });
    socket.on('end', () => finish(Buffer.concat(parts)));
    socket.on('timeout', () => finish(null));
    socket.on('error', () => finish(null));
  });
}

/** `curl` (in the system since 10) for `http://` addresses on the loopback. Writes the answer's body. */
async function curl({ args, device, io }: CommandContext): Promise<number> {
  const headers: string[] = [];
  let target: string | null = null;
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg === '-H') headers.push(args[++i] ?? '');
    else if (['-m', '--max-time', '-o', '--connect-timeout'].includes(arg)) i += 1;
    else if (!arg.startsWith('-')) target = arg;
  }
  const url = URL.canParse(target ?? '') ? new URL(target ?? '') : null;
  if (url === null || url.protocol !== 'http:') return complain(io, 'curl: (3) URL rejected\n', 3);
  if (!isLoopback(url.hostname)) return complain(io, `curl: (6) Could not resolve host: ${url.hostname}\n`, 6);
  const answer = await get(
    device.loopbackAddress,
    url,
    headers.filter((header) => !/[\r\n]/.test(header)),
  );
  if (answer === null)
    return complain(io, `curl: (7) Failed to connect to ${url.hostname} port ${url.port || '80'}\n`, 7);
  const body = answer.indexOf('\r\n\r\n');
  return say(io, body < 0 ? '' : answer.toString('latin1', body + 4));
}

/** `nc -u [-w SECONDS] ADDRESS PORT` (toybox, since 9): standard input as datagrams to the loopback. */
function nc({ args, device, io }: CommandContext): Promise<number> {
  const words = args.filter((arg, index) => !arg.startsWith('-') && args[index - 1] !== '-w');
  const [host = '', port = ''] = words;
  if (!args.includes('-u') || !isLoopback(host) || !/^\d{1,5}$/.test(port)) {
    return complain(io, `nc: the simulated handset only sends datagrams to its own loopback\n`);
  }
  const seconds = Number(args[args.indexOf('-w') + 1] ?? 1);
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    let open = true;
    const finish = (status: number): void => {
      if (open) socket.close();
      open = false;
      resolve(status);
    };
    socket.on('error', () => finish(1));
    io.onGone(() => finish(1));
    socket.bind(0, device.loopbackAddress, () => {
      io.onInput((data) => {
        if (!open) return;
        if (data === null) setTimeout(() => finish(0), Math.min(Math.max(seconds, 0.05), 10) * 1000);
        else socket.send(data, Number(port), host === 'localhost' ? '127.0.0.1' : host);
      });
    });
  });
}

export const networkCommands: CommandTable = { curl, nc };
