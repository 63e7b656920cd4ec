import type { LiveHandsets } from '../../../shared/contract/handsets.ts';
import type { ConnectedHandset, HandsetState } from '../../../shared/model/handset.ts';
import type { ReactNode } from 'react';
import { Badge, type BadgeTone } from '../../widgets/badge.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Empty } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { StatePicture } from './state-picture.tsx';

const stateTones: Readonly<Record<HandsetState, BadgeTone>> = {
  device: 'good',
  offline: 'warning',
  unauthorized: 'warning',
  authorizing: 'blue',
  recovery: 'warning',
  sideload: 'warning',
  bootloader: 'warning',
  'no-permissions': 'bad',
  unknown: 'neutral',
};

function HandsetCard({ handset, actions }: { readonly handset: ConnectedHandset; readonly actions: ReactNode }) {
  const { say, sayIfKnown } = useWords();
  return (
    <li className="handset-card">
      <StatePicture state={handset.state} />
      <div className="handset-text">
        <p className="handset-name">
          <strong>
            <HostileText text={handset.model ?? handset.product ?? say('ui.handset.unnamed')} max={80} />
          </strong>
          <Badge tone={stateTones[handset.state]} text={say(`ui.handset-state.${handset.state}`)} />
        </p>
        <p className="muted mono">
          <HostileText text={handset.serial} max={120} /> · {say(`ui.transport.${handset.transport}`)}
        </p>
        <p className="handset-advice">{sayIfKnown(handset.advice, handset.rawState)}</p>
        {handset.state === 'device' || handset.rawState === handset.state ? null : (
          <p className="muted">
            adb: <HostileText text={handset.rawState} max={200} mono />
          </p>
        )}
        {actions}
      </div>
    </li>
  );
}

export interface ConnectedListProps {
  readonly live: LiveHandsets;
  readonly actionsFor?: (handset: ConnectedHandset) => ReactNode;
}

/** What adb sees now; every state with what the person should do. */
export function ConnectedList({ live, actionsFor }: ConnectedListProps) {
  const { say } = useWords();
  if (live.handsets.length === 0) {
    return (
      <Empty title={say('ui.handset.none')}>
        <ol className="steps">
          <li>{say('ui.handset.step-cable')}</li>
          <li>{say('ui.handset.step-debugging')}</li>
          <li>{say('ui.handset.step-allow')}</li>
        </ol>
      </Empty>
    );
  }
  return (
    <ul className="handset-list" aria-live="polite">
      {live.handsets.map((handset) => (
        <HandsetCard key={handset.serial} handset={handset} actions={actionsFor?.(handset) ?? null} />
      ))}
    </ul>
  );
}
