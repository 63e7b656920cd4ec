import type { Flow } from '../../../shared/model/traffic.ts';

/**
 * Wireshark display filter that yields exactly these frames of a conversation in the exhibit that holds them; null without
 * frames. Wireshark counts conversations anew in each file: one that began in an earlier file has another number there.
 */
export function displayFilter(
  flow:
    | (Pick<Flow, 'transport' | 'streamIndex'> &
        Partial<Pick<Flow, 'exhibit' | 'capture' | 'application' | 'strayFrames'>>)
    | null,
  frames: readonly number[],
  exhibit: string | undefined = flow?.exhibit,
): string | null {
  const [first] = frames;
  if (first === undefined) return null;
  const which = frames.length === 1 ? `frame.number==${first}` : `frame.number in {${frames.join(',')}}`;
  if (flow === null || (flow.transport !== 'tcp' && flow.transport !== 'udp')) return which;
  if (flow.capture !== undefined && (flow.capture.part !== 1 || flow.exhibit !== exhibit)) return which;
  // A fragment has no ports, and a datagram whose length makes no sense is not read on: Wireshark counts them to none.
  if (flow.strayFrames === true) return which;
  // A connection of QUIC may go on between other addresses (RFC 9000, 9): in another conversation of Wireshark's.
  if (flow.application === 'quic' || flow.application === 'http3') return `udp && ${which}`;
  return `${flow.transport}.stream==${flow.streamIndex} && ${which}`;
}
