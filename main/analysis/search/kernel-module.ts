import { kernelCode } from './kernel/code.ts';

/** What is longer is not looked at by the kernel: its memory is fixed. */
export const kernelBytes = 256 * 1024;
export const pageBytes = 64 * 1024;

let compiled: WebAssembly.Module | null = null;

/** The kernel of the search (decision 0010), compiled once a thread. */
export function moduleOfKernel(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(kernelCode, 'base64'));
  return compiled;
}

/** At the beginning of its memory the kernel has constants of its own. */
export const ownBytes = 1024;

/** The kernel with this memory, whose first `ownBytes` it fills itself. */
export function instanceOfKernel<Exports>(memory: WebAssembly.Memory): Exports {
  const { exports } = new WebAssembly.Instance(moduleOfKernel(), { env: { memory } });
  const { constantsEnd } = exports as unknown as { readonly constantsEnd: () => number };
  if (constantsEnd() > ownBytes) throw new Error('the constants of the kernel need more room');
  return exports as unknown as Exports;
}
