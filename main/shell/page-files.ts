import { join, normalize, sep } from 'node:path';

/** Types of the files that a build puts into the page's folder; anything else is not served. */
const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
};

export interface PageFile {
  readonly path: string;
  readonly contentType: string;
}

/**
 * The file under `root` that an `app://handsight/…` address stands for; null when it stands for none.
 * Never leaves `root`: no empty, dot or hidden segments, no separators, drive letters or NUL hidden by percent escapes.
 */
export function resolvePageFile(root: string, address: string): PageFile | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (url.protocol !== 'app:' || url.host !== 'handsight' || url.username !== '' || url.password !== '') return null;
  const rawSegments = url.pathname === '/' ? ['index.html'] : url.pathname.slice(1).split('/');
  const segments: string[] = [];
  for (const raw of rawSegments) {
    let segment: string;
    try {
      segment = decodeURIComponent(raw);
    } catch {
      return null;
    }
    if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,200}$/.test(segment) || segment.includes('..')) return null;
    segments.push(segment);
  }
  const extension = segments.at(-1)?.split('.').at(-1) ?? '';
  const contentType = Object.hasOwn(contentTypes, extension) ? contentTypes[extension] : undefined;
  if (contentType === undefined) return null;
  const base = normalize(root).replace(/[/\\]+$/, '');
  const path = join(base, ...segments);
  return path.startsWith(base + sep) ? { path, contentType } : null;
}
