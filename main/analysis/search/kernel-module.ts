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
