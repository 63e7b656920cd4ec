/**
 * Where a worker's code lies: beside the built chunk (`capture.worker.js`), or among the sources
 * when tests run them directly (`workers/capture.worker.ts`).
 */
export function workerUrl(name: 'capture' | 'exchange' | 'live' | 'search'): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL(`./workers/${name}.worker.ts`, import.meta.url)
    : new URL(`./${name}.worker.js`, import.meta.url);
}
