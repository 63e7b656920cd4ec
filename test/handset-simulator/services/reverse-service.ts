import type { DeviceStream } from '../transport/device-stream.ts';

/** The reverse rules of one connection: what the handset listens on → where the host is to connect. */
export class ReverseRules {
  readonly #rules = new Map<string, string>();
  #nextPort = 41001;

  /** Where a connection to `local` goes; null when no such rule is left: opening then would abort a real adb server. */
  targetOf(local: string): string | null {
    return this.#rules.get(local) ?? null;
  }

  clear(): void {
    this.#rules.clear();
  }

  /** Answer to what follows `reverse:`; null for an unknown request. */
  answer(request: string): Buffer | null {
    const forward = /^forward:(norebind:)?([^;]+);(.+)$/.exec(request);
    if (forward !== null) return this.#add(forward[1] !== undefined, forward[2] ?? '', forward[3] ?? '');
    if (request === 'list-forward') {
      return counted([...this.#rules].map(([local, remote]) => `UsbFfs ${local} ${remote}\n`).join(''));
    }
    if (request === 'killforward-all') {
      this.clear();
      return Buffer.from('OKAY');
    }
    const kill = /^killforward:(.+)$/.exec(request);
    if (kill === null) return null;
    return this.#rules.delete(kill[1] ?? '') ? Buffer.from('OKAY') : failure(`listener '${kill[1] ?? ''}' not found`);
  }

  #add(noRebind: boolean, local: string, remote: string): Buffer {
    if (!/^(tcp:\d+|local\w*:.+)$/.test(local)) return failure(`unknown socket specification: ${local}`);
    if (noRebind && this.#rules.has(local)) return failure('cannot rebind existing socket');
    if (local !== 'tcp:0') {
      this.#rules.set(local, remote);
      return Buffer.from('OKAY');
    }
    const port = this.#nextPort++;
    this.#rules.set(`tcp:${port}`, remote);
    return Buffer.concat([Buffer.from('OKAY'), counted(String(port))]);
  }
}

function counted(text: string): Buffer {
  const length = Buffer.byteLength(text).toString(16).padStart(4, '0');
  return Buffer.from(`${length}${text}`);
}

function failure(message: string): Buffer {
  return Buffer.concat([Buffer.from('FAIL'), counted(message)]);
}

/** One `reverse:` request: one answer, then the stream closes. */
export async function serveReverse(rules: ReverseRules, request: string, stream: DeviceStream): Promise<void> {
  await stream.write(rules.answer(request) ?? failure('unknown reverse request'));
  stream.end();
}
