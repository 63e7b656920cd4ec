import type { Server } from 'node:net';

/** Listens on the loopback: on `port`, or on any free odd one for 0 (adb's `host:emulator:` wants it odd). */
export async function listenOnOddPort(server: Server, port: number): Promise<number> {
  const tryPort = (wanted: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', () => {
        server.removeListener('error', reject);
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  let got = await tryPort(port);
  for (let attempt = 0; port === 0 && got % 2 === 0 && attempt < 40; attempt += 1) {
    await new Promise((resolve) => server.close(resolve));
    // The neighbour of a free even port is usually free too.
    got = await tryPort(attempt % 2 === 0 ? got + 1 : 0).catch(() => tryPort(0));
  }
  return got;
}
