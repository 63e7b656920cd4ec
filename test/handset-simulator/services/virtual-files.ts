/** A file system of a handset: folders from the persona, generated files, and what was written while it ran. */
export interface FileNode {
  readonly kind: 'file' | 'folder' | 'link';
  /** Permission bits without the file type. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly modifiedAt: number;
  /** Whole content; generated files are asked again each time. */
  readonly content: () => Buffer;
  /** For what is too big to be held: up to `length` bytes at `offset`, none at the end. Then `content` is not asked. */
  readonly part?: (offset: number, length: number) => Buffer;
  /** What `stat` says of the size; default: the content's. It need not be true. */
  readonly sizeBytes?: number;
  /** Where a link points. */
  readonly target?: string;
  /** The shell user may not read it. */
  readonly denied?: boolean;
  /** Its key is not there before the first unlock (file-based encryption). */
  readonly sealed?: boolean;
}

const typeBits = { file: 0o100000, folder: 0o040000, link: 0o120000 } as const;

/** st_mode as `stat` gives it. */
export function modeBits(node: FileNode): number {
  return typeBits[node.kind] | node.mode;
}

/** The size that `stat` tells. */
export function sizeOf(node: FileNode): number {
  return node.kind === 'file' ? (node.sizeBytes ?? node.content().length) : 4096;
}

/** Absolute path without `.`, `..`, doubled or trailing slashes. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export class VirtualFiles {
  readonly #nodes = new Map<string, FileNode>();
  readonly #now: () => number;

  /** `now`: the handset's clock in seconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#nodes.set('/', this.#folder());
  }

  #folder(): FileNode {
    return { kind: 'folder', mode: 0o755, uid: 0, gid: 0, modifiedAt: this.#now(), content: () => Buffer.alloc(0) };
  }

  #makeParents(path: string): void {
    const parts = path.split('/').slice(1, -1);
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const parent = `/${parts.slice(0, depth).join('/')}`;
      if (!this.#nodes.has(parent)) this.#nodes.set(parent, this.#folder());
    }
  }

  /** Adds or replaces; missing folders come with it. */
  put(path: string, content: Buffer | (() => Buffer), extra: Partial<FileNode> = {}): void {
    const clean = cleanPath(path);
    this.#makeParents(clean);
    this.#nodes.set(clean, {
      kind: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      modifiedAt: this.#now(),
      content: typeof content === 'function' ? content : () => content,
      ...extra,
    });
  }

  remove(path: string): boolean {
    return this.#nodes.delete(cleanPath(path));
  }

  /** The node itself, a link not followed. */
  lstat(path: string): FileNode | null {
    return this.#nodes.get(cleanPath(path)) ?? this.#nodes.get(this.resolve(path)) ?? null;
  }

  /** Path with every link in it followed (a cap of 8 keeps circles out). */
  resolve(path: string): string {
    let current = cleanPath(path);
    for (let hop = 0; hop < 8; hop += 1) {
      const parts = current.split('/').slice(1);
      let changed = false;
      for (let depth = 1; depth <= parts.length && !changed; depth += 1) {
        const head = this.#nodes.get(`/${parts.slice(0, depth).join('/')}`);
        if (head?.kind !== 'link') continue;
        current = cleanPath([head.target ?? '/', ...parts.slice(depth)].join('/'));
        changed = true;
      }
      if (!changed) return current;
    }
    return current;
  }

  stat(path: string): FileNode | null {
    return this.#nodes.get(this.resolve(path)) ?? null;
  }

  /** Names directly under a folder, sorted; null when it is none. */
  list(path: string): string[] | null {
    const folder = this.resolve(path);
    if (this.#nodes.get(folder)?.kind !== 'folder') return null;
    const prefix = folder === '/' ? '/' : `${folder}/`;
    const names = [...this.#nodes.keys()]
      .filter((key) => key !== '/' && key.startsWith(prefix) && !key.slice(prefix.length).includes('/'))
      .map((key) => key.slice(prefix.length));
    return names.sort();
  }
}
