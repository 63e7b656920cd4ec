import type { HandsetState } from '../../../shared/model/handset.ts';

/** What a picture can show: adb's states, and a phone on the USB bus that adb does not see. */
type Shown = HandsetState | 'debugging-off';

const signs: Readonly<Record<Shown, string>> = {
  device: 'M22 34 l6 6 l12 -14',
  offline: 'M22 26 l18 18 M40 26 l-18 18',
  unauthorized: 'M31 24 v12 M31 42 v1',
  authorizing: 'M24 34 h2 M30 34 h2 M36 34 h2',
  recovery: 'M24 40 a9 9 0 1 1 8 4 M24 40 v-6 M24 40 h6',
  sideload: 'M31 24 v14 M25 33 l6 6 l6 -6 M23 44 h16',
  bootloader: 'M25 28 h12 v12 h-12 z M31 28 v-4 M31 40 v4',
  'no-permissions': 'M24 34 h14 v10 h-14 z M27 34 v-4 a4 4 0 0 1 8 0 v4',
  'debugging-off': 'M25 30 h12 a5 5 0 0 1 0 10 h-12 a5 5 0 0 1 0 -10 M25 33 v4',
  unknown: 'M26 29 a5 5 0 1 1 6 5 q-1 1 -1 4 M31 44 v1',
};

/** A handset with a sign on its screen: what is the matter, without words. */
export function StatePicture({ state }: { readonly state: Shown }) {
  return (
    <svg className={`state-picture state-${state}`} viewBox="0 0 62 72" width="50" height="58" aria-hidden="true">
      <rect x="12" y="3" width="38" height="66" rx="6" className="picture-body" />
      <rect x="16" y="11" width="30" height="46" rx="1.5" className="picture-screen" />
      <circle cx="31" cy="63" r="2.4" className="picture-button" />
      <path d={signs[state]} className="picture-sign" />
    </svg>
  );
}
