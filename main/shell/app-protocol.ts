import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { resolvePageFile } from './page-files.ts';
import { responseHeaders } from './response-headers.ts';

export const scheme = 'app';
export const pageAddress = 'app://handsight/index.html';

/** Must run before Electron is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: false, corsEnabled: false } },
  ]);
}

function notFound(): Response {
  return new Response(null, { status: 404, headers: { ...responseHeaders } });
}

/** Serves the built page, and nothing else, under `app://handsight/`. */
export function servePage(session: Session, root: string): void {
  session.protocol.handle(scheme, async (request) => {
    const file = request.method === 'GET' ? resolvePageFile(root, request.url) : null;
    if (file === null) return notFound();
    try {
      const bytes = await readFile(file.path);
      return new Response(new Uint8Array(bytes), {
        status: 200,
        headers: { ...responseHeaders, 'Content-Type': file.contentType },
      });
    } catch {
      return notFound();
    }
  });
}
