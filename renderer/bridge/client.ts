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

/** Hears what main says by itself; answers with the way to stop listening. */
export function listen(listener: (event: WindowEvent) => void): () => void {
  return window.handsight.listen((event) => listener(event as WindowEvent));
}
