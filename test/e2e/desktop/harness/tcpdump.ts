import { spawnSync } from 'node:child_process';

/** Why tcpdump may not capture here, or null: a container can take the right away even from root. */
export function captureForbidden(): string | null {
  const tried = spawnSync('tcpdump', ['-i', 'lo', '-c', '1', '-w', '/dev/null', 'host', '127.99.99.99'], {
    timeout: 1500,
    encoding: 'utf8',
  });
  if (tried.error !== undefined && !tried.error.message.includes('ETIMEDOUT'))
    return `tcpdump cannot be started: ${tried.error.message}`;
  return /permission|not permitted/i.test(tried.stderr) ? `this system lets nobody capture: ${tried.stderr}` : null;
}
