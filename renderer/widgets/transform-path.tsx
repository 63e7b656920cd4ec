import type { IdentifierKind } from '../../shared/model/identifier.ts';
import { useWords } from '../words/words.tsx';

export interface TransformPathProps {
  readonly kind: IdentifierKind | null;
  readonly transform: readonly string[];
}

/** How the identifier was written, step by step: IMEI → SHA-1 → base64url → first 16. */
export function TransformPath({ kind, transform }: TransformPathProps) {
  const { say, sayIfKnown } = useWords();
  const first = kind === null ? say('ui.transform.value') : say(`ui.identifier-kind.${kind}`);
  const steps = transform.length === 0 ? [say('ui.transform.plain')] : transform.map((step) => stepText(step));

  function stepText(step: string): string {
    const truncated = /^first-(\d+)$/.exec(step);
    if (truncated?.[1] !== undefined) return say('ui.transform.first', { count: Number(truncated[1]) });
    const joined = /^(join|hmac):(.*)$/s.exec(step);
    if (joined !== null)
      return say(joined[1] === 'join' ? 'ui.transform.joined' : 'ui.transform.keyed', { parts: joined[2] ?? '' });
    return sayIfKnown(`ui.transform.${step}`, step);
  }

  return (
    <ol className="path" aria-label={say('ui.transform.label')}>
      <li className="path-first">{first}</li>
      {steps.map((step, index) => (
        <li key={index}>{step}</li>
      ))}
    </ol>
  );
}
