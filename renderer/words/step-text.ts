import type { Words } from './words.tsx';

/** A step of a transform in the words of the reader: `first-16` is «first 16», `join:…` names what was joined. */
export function stepText(step: string, { say, sayIfKnown }: Pick<Words, 'say' | 'sayIfKnown'>): string {
  const truncated = /^first-(\d+)$/.exec(step);
  if (truncated?.[1] !== undefined) return say('ui.transform.first', { count: Number(truncated[1]) });
  const joined = /^(join|hmac):(.*)$/s.exec(step);
  if (joined !== null)
    return say(joined[1] === 'join' ? 'ui.transform.joined' : 'ui.transform.keyed', { parts: joined[2] ?? '' });
  return sayIfKnown(`ui.transform.${step}`, step);
}
