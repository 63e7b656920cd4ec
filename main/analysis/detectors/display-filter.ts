import type { Flow } from '../../../shared/model/traffic.ts';

/** Wireshark display filter that yields exactly these frames of a conversation; null without frames. */
export function displayFilter(
  flow: Pick<Flow, 'transport' | 'streamIndex'> | null,
  frames: readonly number[],
): string | null {
  const [first] = frames;
  if (first === undefined) return null;
  const which = frames.length === 1 ? `frame.number==${first}` : `frame.number in {${frames.join(',')}}`;
  if (flow === null || (flow.transport !== 'tcp' && flow.transport !== 'udp')) return which;
  return `${flow.transport}.stream==${flow.streamIndex} && ${which}`;
}
