import type { Wording } from '../wording.ts';

/** One statement of the vendor, in its own sense, with where it stands. */
export interface LedgerClaim {
  readonly id: 'C1' | 'C2' | 'C3' | 'C4' | 'C5' | 'C6' | 'C7' | 'C8';
  /** What was said: the vendor's words, not ours. */
  readonly text: Wording;
  readonly statedAt: string;
  readonly source: Wording;
}

const taiwanPage: Wording = {
  en: 'the vendor’s Taiwan page, 10 August 2014',
  'zh-Hant': '廠商台灣官網公告，2014 年 8 月 10 日',
};
const statement: Wording = {
  en: 'the vendor’s answer to the press, August 2014',
  'zh-Hant': '廠商對媒體之說明，2014 年 8 月',
};
const at = '2014-08-10T00:00:00.000000Z';

/** The founding case: what the vendor said, as a ledger. */
export const ledger: readonly LedgerClaim[] = [
  {
    id: 'C1',
    text: {
      en: 'At the start of the handset the IMEI only serves to check that it is genuine and whether the number has an account.',
      'zh-Hant': '開機時傳送 IMEI 僅為確認手機真偽及該號碼是否已有帳號。',
    },
    statedAt: at,
    source: statement,
  },
  {
    id: 'C2',
    text: {
      en: '“We do not upload or store private information without the permission of users.”',
      'zh-Hant': '「未經使用者同意，我們不會上傳或儲存個人資訊。」',
    },
    statedAt: at,
    source: statement,
  },
  {
    id: 'C3',
    text: {
      en: 'Cloud Messaging starts by itself when the handset is switched on (admitted).',
      'zh-Hant': '網路簡訊服務於開機時自動啟動（業者自承）。',
    },
    statedAt: at,
    source: taiwanPage,
  },
  {
    id: 'C4',
    text: {
      en: 'Opening or creating a contact or an SMS looks that number up with the service.',
      'zh-Hant': '開啟或建立聯絡人、簡訊時，會向服務查詢該號碼。',
    },
    statedAt: at,
    source: statement,
  },
  {
    id: 'C5',
    text: { en: 'Contacts are never stored on the servers.', 'zh-Hant': '伺服器絕不儲存聯絡人資料。' },
    statedAt: at,
    source: statement,
  },
  {
    id: 'C6',
    text: {
      en: 'Since the update of 10 August the service is opt-in, for new or factory-reset users.',
      'zh-Hant': '自 8 月 10 日更新起，服務改由使用者自行選擇開啟（適用於新用戶或恢復原廠設定者）。',
    },
    statedAt: at,
    source: taiwanPage,
  },
  {
    id: 'C7',
    text: { en: 'Since the update the phone number is encrypted.', 'zh-Hant': '更新後電話號碼已加密。' },
    statedAt: at,
    source: taiwanPage,
  },
  {
    id: 'C8',
    text: {
      en: 'Before the update the phone number went unencrypted (admitted).',
      'zh-Hant': '更新前電話號碼未經加密（業者自承）。',
    },
    statedAt: at,
    source: taiwanPage,
  },
];

/** When the update that the claims speak of went out, 10 August in Taipei: a build dated before it is old, one from it on is new. */
export const updateReleasedAtSeconds = Date.UTC(2014, 7, 9, 16) / 1000;
