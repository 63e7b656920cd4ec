import type { LiveHandsets } from '../../../shared/contract/handsets.ts';
import type { ConnectedHandset, HandsetState } from '../../../shared/model/handset.ts';
import type { ReactNode } from 'react';
import { Badge, type BadgeTone } from '../../widgets/badge.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Empty } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { StatePicture } from './state-picture.tsx';
import { EnableDebugging, UsbRule, WithoutDebugging } from './usb-help.tsx';

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

interface HandsetCardProps {
  readonly handset: ConnectedHandset;
  readonly usb: LiveHandsets['usb'];
  readonly actions: ReactNode;
}

function HandsetCard({ handset, usb, actions }: HandsetCardProps) {
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
        {handset.state === 'no-permissions' && usb !== null ? <UsbRule handset={handset} usb={usb} /> : null}
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
  const { usb } = live;
  const silent = usb !== null && usb.some((one) => !one.debugging);
  if (live.handsets.length === 0) {
    return (
      <Empty title={say('ui.handset.none')}>
        <ConnectSteps />
        {usb === null ? <p>{say('ui.usb.unknown')}</p> : usb.length > 0 ? null : <p>{say('ui.usb.nothing')}</p>}
        {silent ? null : <EnableDebugging maker={null} />}
        <WithoutDebugging usb={usb ?? []} />
      </Empty>
    );
  }
  return (
    <>
      <ul className="handset-list" aria-live="polite">
        {live.handsets.map((handset) => (
          <HandsetCard key={handset.serial} handset={handset} usb={usb} actions={actionsFor?.(handset) ?? null} />
        ))}
      </ul>
      <WithoutDebugging usb={usb ?? []} />
      <details className="every-maker">
        <summary>{say('ui.handset.missing')}</summary>
        <ConnectSteps />
        <p>{say(usb === null ? 'ui.usb.unknown' : 'ui.usb.missing')}</p>
      </details>
    </>
  );
}

function ConnectSteps() {
  const { say } = useWords();
  return (
    <ol className="steps">
      <li>{say('ui.handset.step-cable')}</li>
      <li>{say('ui.handset.step-debugging')}</li>
      <li>{say('ui.handset.step-allow')}</li>
    </ol>
  );
}
