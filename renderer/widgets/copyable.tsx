import { useEffect, useState } from 'react';
import { call } from '../bridge/client.ts';
import { useWords } from '../words/words.tsx';
import { Button } from './button.tsx';
import { HostileText } from './hostile-text.tsx';

export interface CopyableProps {
  readonly text: string;
  /** What is copied, for the button's name: «filter», «head» … */
  readonly what: string;
  readonly large?: boolean;
}

/** A value to take along, with the button that takes it. */
export function Copyable({ text, what, large = false }: CopyableProps) {
  const { say } = useWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div className={large ? 'copyable copyable-large' : 'copyable'}>
      <code>
        <HostileText text={text} />
      </code>
      <Button
        label={say('ui.copy.label', { what })}
        onPress={() => {
          void call('settings.copy-text', { text }).then((reply) => setCopied(reply.ok));
        }}
      >
        {copied ? say('ui.copy.done') : say('ui.copy.copy')}
      </Button>
      <span className="only-read-out" role="status">
        {copied ? say('ui.copy.done') : ''}
      </span>
    </div>
  );
}
