import type { ConnectedHandset, UsbHandset, UsbMaker } from '../../../shared/model/handset.ts';
import { usbMakers } from '../../../shared/model/handset.ts';
import { Badge } from '../../widgets/badge.tsx';
import { Copyable } from '../../widgets/copyable.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { PlainTable } from '../../widgets/plain-table.tsx';
import { useWords } from '../../words/words.tsx';
import { StatePicture } from './state-picture.tsx';

/** Phones on the USB bus that adb cannot see because «USB debugging» is off there. */
export function WithoutDebugging({ usb }: { readonly usb: readonly UsbHandset[] }) {
  const { say } = useWords();
  const silent = usb.filter((one) => !one.debugging);
  if (silent.length === 0) return null;
  return (
    <ul className="handset-list" aria-live="polite">
      {silent.map((one, at) => (
        <li key={`${one.vendorId} ${one.productId} ${one.serial ?? ''} ${at}`} className="handset-card">
          <StatePicture state="debugging-off" />
          <div className="handset-text">
            <p className="handset-name">
              <strong>
                <HostileText text={one.name ?? say('ui.handset.unnamed')} max={80} />
              </strong>
              <Badge tone="warning" text={say('ui.usb.debugging-off')} />
            </p>
            <p className="muted mono">
              <HostileText text={one.serial ?? `${one.vendorId}:${one.productId}`} max={130} />
            </p>
            <p className="handset-advice">{say('ui.usb.debugging-off-about')}</p>
            <EnableDebugging maker={one.maker} />
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Where the makers hide the switch: the way of the phone on the bus in two steps, the others' in a table. */
export function EnableDebugging({ maker }: { readonly maker: UsbMaker | null }) {
  const { say } = useWords();
  return (
    <>
      {maker === null ? null : (
        <dl className="way-to-switch">
          <dt>{say('ui.debugging.tap')}</dt>
          <dd>{say(`ui.debugging.tap.${maker}`)}</dd>
          <dt>{say('ui.debugging.switch')}</dt>
          <dd>{say(`ui.debugging.switch.${maker}`)}</dd>
        </dl>
      )}
      <EveryMaker />
    </>
  );
}

function EveryMaker() {
  const { say } = useWords();
  return (
    <details className="every-maker">
      <summary>{say('ui.debugging.title')}</summary>
      <PlainTable
        caption={say('ui.debugging.title')}
        rows={usbMakers}
        rowKey={(one) => one}
        columns={[
          { id: 'maker', header: say('ui.debugging.maker'), cell: (one) => say(`ui.debugging.maker.${one}`) },
          { id: 'tap', header: say('ui.debugging.tap'), cell: (one) => say(`ui.debugging.tap.${one}`) },
          { id: 'switch', header: say('ui.debugging.switch'), cell: (one) => say(`ui.debugging.switch.${one}`) },
        ]}
      />
      <p className="muted">{say('ui.debugging.about')}</p>
    </details>
  );
}

/** The line that lets this workstation use the phone's USB device (Linux). */
export function UsbRule({ handset, usb }: { readonly handset: ConnectedHandset; readonly usb: readonly UsbHandset[] }) {
  const { say } = useWords();
  const bridges = usb.filter((one) => one.debugging);
  const same = bridges.filter((one) => one.serial === handset.serial);
  const vendors = [...new Set((same.length > 0 ? same : bridges).map((one) => one.vendorId))];
  if (vendors.length === 0) return null;
  return (
    <>
      <p>{say('ui.usb.rule')}</p>
      {vendors.map((vendor) => (
        <Copyable
          key={vendor}
          text={`SUBSYSTEM=="usb", ATTR{idVendor}=="${vendor}", MODE="0660", GROUP="plugdev", TAG+="uaccess"`}
          what={say('ui.usb.rule-what')}
        />
      ))}
      <p className="muted">{say('ui.usb.rule-then')}</p>
      <Copyable text="sudo udevadm control --reload-rules && sudo udevadm trigger" what={say('ui.usb.rule-command')} />
    </>
  );
}
