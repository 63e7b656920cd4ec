/** Whom a registrable domain belongs to, by public record: our own table, each row with its source. */
export interface MakerDomain {
  readonly domain: string;
  readonly entity: string;
  readonly source: string;
  /** Date of the source. */
  readonly statedAt: string;
  /** Where the entity sits, ISO 3166-1, where a source of the case says so. */
  readonly seat?: { readonly country: string; readonly source: string };
}

const fSecure = 'F-Secure, test of the Redmi 1S, 7-8 and 14 August 2014';
const dublin = 'Liu, Patras and Leith, Android mobile OS snooping by Samsung, Xiaomi, Huawei and Realme handsets, 2021';

const beijing = {
  country: 'CN',
  source: 'Xiaomi statement on MIUI Cloud Messaging, 10 August 2014: data are sent to Beijing',
};

/** Start of the table: the domains of the founding case and of the 2021 study. */
export const makerDomains: readonly MakerDomain[] = [
  { domain: 'xiaomi.com', entity: 'Xiaomi', source: fSecure, statedAt: '2014-08-07', seat: beijing },
  {
    domain: 'xiaomi.net',
    entity: 'Xiaomi',
    source: 'Xiaomi statement on MIUI Cloud Messaging, 10 August 2014',
    statedAt: '2014-08-10',
    seat: beijing,
  },
  { domain: 'miui.com', entity: 'Xiaomi', source: dublin, statedAt: '2021-10-06', seat: beijing },
  {
    domain: 'umeng.com',
    entity: 'Umeng (analytics; not a handset maker)',
    source: 'press analyses of MIUI and MiFit traffic, 2014',
    statedAt: '2014-08-08',
  },
  {
    domain: 'amap.com',
    entity: 'AutoNavi (location; not a handset maker)',
    source: 'press analyses of MiFit traffic, 2014',
    statedAt: '2014-08-08',
  },
  {
    domain: 'qq.com',
    entity: 'Tencent (not a handset maker)',
    source: 'press analyses of MIUI traffic, 2014',
    statedAt: '2014-08-08',
  },
  { domain: 'heytapmobile.com', entity: 'HeyTap (Realme, OPPO)', source: dublin, statedAt: '2021-10-06' },
  { domain: 'samsungdm.com', entity: 'Samsung', source: dublin, statedAt: '2021-10-06' },
  { domain: 'samsungcloud.com', entity: 'Samsung', source: dublin, statedAt: '2021-10-06' },
  { domain: 'hicloud.com', entity: 'Huawei', source: dublin, statedAt: '2021-10-06' },
  { domain: 'googleapis.com', entity: 'Google', source: dublin, statedAt: '2021-10-06' },
];

/** Whom the statements of the founding case come from, as the table names it. */
export const foundingMaker = 'Xiaomi';

/** Does any of these names lie in a domain of that maker? */
export function belongsTo(names: readonly string[], entity: string): boolean {
  return names.some((name) => makerOf(name)?.entity === entity);
}

/** The row of the domain that `name` lies in, or null. */
export function makerOf(name: string): MakerDomain | null {
  const host = name.toLowerCase().replace(/\.$/, '');
  return makerDomains.find((row) => host === row.domain || host.endsWith(`.${row.domain}`)) ?? null;
}
