import type { IdentifierKind } from '../../shared/model/identifier.ts';
import { stepText } from '../words/step-text.ts';
import { useWords } from '../words/words.tsx';

export interface TransformPathProps {
  readonly kind: IdentifierKind | null;
  readonly transform: readonly string[];
}

/** How the identifier was written, step by step: IMEI → SHA-1 → base64url → first 16. */
export function TransformPath({ kind, transform }: TransformPathProps) {
  const words = useWords();
  const { say } = words;
  const first = kind === null ? say('ui.transform.value') : say(`ui.identifier-kind.${kind}`);
  const steps = transform.length === 0 ? [say('ui.transform.plain')] : transform.map((step) => stepText(step, words));

  return (
    <ol className="path" aria-label={say('ui.transform.label')}>
      <li className="path-first">{first}</li>
      {steps.map((step, index) => (
        <li key={index}>{step}</li>
      ))}
    </ol>
  );
}
