import type { Answer, Bridge, ChannelName, Input, Reply, WindowEvent } from '../../shared/contract/window.ts';

declare global {
  interface Window {
    /** Put there by the preload. */
    readonly handsight: Bridge;
  }
}

/** Asks or orders something; expected failures come back as values, a broken bridge too. */
export async function call<Name extends ChannelName>(name: Name, input: Input<Name>): Promise<Reply<Answer<Name>>> {
  try {
    // Main answers each channel with its contract's type: dispatch.ts is held to it by the compiler.
    return (await window.handsight.call(name, input)) as Reply<Answer<Name>>;
  } catch (error) {
    return { ok: false, problem: { code: 'internal', detail: error instanceof Error ? error.message : String(error) } };
  }
}

const listeners = new Set<(event: WindowEvent) => void>();
let unlisten: (() => void) | null = null;

/**
 * Hears what main says by itself; answers with the way to stop listening. However many listen (each question on a screen
 * does), the bridge has one listener.
 */
export function listen(listener: (event: WindowEvent) => void): () => void {
  // The same function may be given twice: each call is a listener of its own.
  const mine = (event: WindowEvent): void => listener(event);
  listeners.add(mine);
  unlisten ??= window.handsight.listen((event) => {
    for (const one of listeners) one(event as WindowEvent);
  });
  return () => {
    listeners.delete(mine);
    if (listeners.size > 0 || unlisten === null) return;
    unlisten();
    unlisten = null;
  };
}
