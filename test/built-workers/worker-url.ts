import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder with the workers as build.mjs built them for this run. */
    builtWorkers: string;
  }
}

/** In the place of `main/workflow/worker-url.ts` in tests. */
export function workerUrl(name: 'capture' | 'exchange' | 'live' | 'search'): URL {
  return pathToFileURL(`${inject('builtWorkers')}/${name}.worker.js`);
}
