import type { FindingDetail } from '../../../shared/contract/findings.ts';
import { BytesView } from '../../widgets/bytes-view.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { useWords } from '../../words/words.tsx';
import { messageText } from '../traffic/message-text.ts';

/** Rules whose findings leave the bytes in the exhibit: what nobody listed could not be masked. */
const holdsNoValue = (rule: string): boolean => rule === 'identifier-proposed' || rule.startsWith('category-');

/** The bytes around the match with the identifier marked, and the message that held them. */
export function FindingBytes({ detail }: { readonly detail: FindingDetail }) {
  const { say } = useWords();
  const { context, finding, message } = detail;
  return (
    <section>
      <h3>{say('ui.finding.bytes')}</h3>
      {context === null ? (
        <p className="muted">{say(holdsNoValue(finding.rule) ? 'ui.finding.bytes-not-kept' : 'ui.finding.no-bytes')}</p>
      ) : (
        <>
          <BytesView
            label={say('ui.finding.bytes')}
            base64={context.base64}
            marks={[{ from: context.matchStart, to: context.matchEnd }]}
            firstOffset={Math.max(0, (detail.bodyOffset ?? finding.streamOffset ?? 0) - context.matchStart)}
          />
          <p className="hint">
            {detail.bodyOffset === null ? say('ui.finding.offset-stream') : say('ui.finding.offset-body')}
          </p>
        </>
      )}
      {message === null ? null : (
        <p className="message-text mono">
          <HostileText text={messageText(message, say)} max={1500} />
        </p>
      )}
    </section>
  );
}
