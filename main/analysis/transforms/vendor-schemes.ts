import type { IdentifierKind } from '../../../shared/model/identifier.ts';

/** A vendor's own way of writing identifiers, with where it is known from. */
export interface VendorScheme {
  readonly name: string;
  readonly source: string;
  /** What it is applied to; empty where any content is. */
  readonly kinds: readonly IdentifierKind[];
  /** Steps of the lattice from the identifier outwards, each known to the search. */
  readonly steps: readonly string[];
  /** `searched`: the lattice finds it. `marker`: stands for a missing identifier. `unreadable`: cannot be undone without the vendor's key. */
  readonly reach: 'searched' | 'marker' | 'unreadable';
  /** Synthetic values and what the scheme makes of them. */
  readonly vectors: readonly { readonly value: string; readonly written: string }[];
}

/** Private obfuscation that is known from publications: one entry a scheme. Everything here but the last is found by the general search. */
export const vendorSchemes: readonly VendorScheme[] = [
  {
    name: 'miui-mms-h16',
    source:
      'MIUI Mms of 2012, decompiled: /pass/activate/dev/H(deviceId)/activating?imsi=H(iccid or imsi), and the silent SMS MX/H/H/…',
    kinds: ['imei', 'meid', 'imsi', 'iccid', 'msisdn'],
    steps: ['sha1', 'base64url', 'first-16'],
    reach: 'searched',
    vectors: [
      { value: '490154203237518', written: 'l6IQUjLsyHVvA6Ap' },
      { value: '466920123456789', written: 'OjUVzc6AR2uRKiP2' },
      { value: '+886912345678', written: 'YzNpok7UdgfbMExU' },
    ],
  },
  {
    name: 'xiaomi-sdk-h27',
    source: 'later Xiaomi SDKs: all 27 characters of the same digest',
    kinds: ['imei', 'meid', 'imsi', 'iccid', 'msisdn'],
    steps: ['sha1', 'base64url', 'first-27'],
    reach: 'searched',
    vectors: [
      { value: '490154203237518', written: 'l6IQUjLsyHVvA6ApqDm5fe1ZIH0' },
      { value: '466920123456789', written: 'OjUVzc6AR2uRKiP22nPTWWOS294' },
      { value: '+886912345678', written: 'YzNpok7UdgfbMExUprNe9_oFu-U' },
    ],
  },
  {
    name: 'miui-mms-missing',
    source: 'MIUI Mms of 2012: a missing identifier is hashed as the text 0',
    kinds: [],
    steps: ['sha1', 'base64url', 'first-16'],
    reach: 'marker',
    vectors: [{ value: '0', written: 'tlifxqsNyCzxIJnR' }],
  },
  {
    name: 'miui-cloud-messaging-2014',
    source: 'F-Secure, August 2014, after the update: base64 over HTTPS to api.account.xiaomi.com',
    kinds: [],
    steps: ['base64'],
    reach: 'searched',
    vectors: [
      { value: '490154203237518', written: 'NDkwMTU0MjAzMjM3NTE4' },
      { value: '+886912345678', written: 'Kzg4NjkxMjM0NTY3OA==' },
    ],
  },
  {
    name: 'xiaomi-browser-2020',
    source: 'Cirlig and Tierney, April 2020: the browser’s «encryption» is base64 of compressed JSON',
    kinds: [],
    steps: ['gzip', 'base64'],
    reach: 'searched',
    vectors: [],
  },
  {
    name: 'adups-2016',
    source: 'Kryptowire, November 2016: several layers of encoding, sent every 72 hours',
    kinds: [],
    steps: ['base64', 'base64'],
    reach: 'searched',
    vectors: [{ value: '{"imei":"490154203237518"}', written: 'ZXlKcGJXVnBJam9pTkRrd01UVTBNakF6TWpNM05URTRJbjA9' }],
  },
  {
    name: 'miui-tracking-aes',
    source: 'Liu, Patras and Leith 2021: AES inside TLS to tracking.intl.miui.com; the key is the vendor’s',
    kinds: [],
    steps: ['aes'],
    reach: 'unreadable',
    vectors: [],
  },
];
