import { randomBytes } from 'node:crypto';

/** Names for paths that mean nothing outside this process and cannot be guessed. */
export interface TokenTable {
  /** The same path always gets the same token. */
  readonly tokenOf: (path: string) => string;
  readonly pathOf: (token: string) => string | null;
}

export function createTokenTable(): TokenTable {
  const byPath = new Map<string, string>();
  const byToken = new Map<string, string>();
  return {
    tokenOf(path) {
      const known = byPath.get(path);
      if (known !== undefined) return known;
      const token = randomBytes(16).toString('hex');
      byPath.set(path, token);
      byToken.set(token, path);
      return token;
    },
    pathOf: (token) => byToken.get(token) ?? null,
  };
}
