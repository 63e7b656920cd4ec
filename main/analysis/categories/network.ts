import { isPlaceholder } from '../identifiers/placeholders.ts';
import type { CategoryRule } from './data-category.ts';

const mac = /^([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$/i;

/** Names and hardware addresses of Wi-Fi networks in fields that are named so: they place a person. Listed ones are identifiers. */
export const network: CategoryRule = {
  name: 'network',
  source: 'location services ask by BSSID (apilocate.amap.com, 2014)',
  severity: 'medium',
  least: 1,
  probes: [
    {
      id: 'category-bssid',
      kind: 'bssid',
      category: 'network',
      source: 'WifiInfo.getBSSID',
      endings: ['bssid'],
      name: /bssid$/i,
      looks: (v) => mac.test(v) && !isPlaceholder('bssid', v.replaceAll('-', ':').toLowerCase()),
    },
    {
      id: 'category-ssid',
      kind: 'ssid',
      category: 'network',
      source: 'WifiInfo.getSSID',
      endings: ['ssid'],
      name: /(^|[^b])ssid$/i,
      looks: (v) => v.length <= 32 && v !== 'null' && v !== '0' && !isPlaceholder('ssid', v),
    },
  ],
};
