import type { Wording } from './wording.ts';

/** Kinds of identifiers, for sentences. */
export const identifierWords: Readonly<Record<string, Wording>> = {
  imei: { en: 'IMEI', 'zh-Hant': 'IMEI' },
  meid: { en: 'MEID', 'zh-Hant': 'MEID' },
  imsi: { en: 'IMSI', 'zh-Hant': 'IMSI' },
  iccid: { en: 'SIM card number (ICCID)', 'zh-Hant': 'SIM 卡號（ICCID）' },
  msisdn: { en: 'own phone number', 'zh-Hant': '本機電話號碼' },
  'contact-msisdn': { en: 'a contact’s phone number', 'zh-Hant': '聯絡人電話號碼' },
  'contact-name': { en: 'a contact’s name', 'zh-Hant': '聯絡人姓名' },
  'android-id': { en: 'Android id', 'zh-Hant': 'Android ID' },
  serial: { en: 'serial number', 'zh-Hant': '序號' },
  'wifi-mac': { en: 'Wi-Fi address', 'zh-Hant': 'Wi-Fi 位址' },
  'bluetooth-mac': { en: 'Bluetooth address', 'zh-Hant': '藍牙位址' },
  'advertising-id': { en: 'advertising id', 'zh-Hant': '廣告 ID' },
  account: { en: 'account', 'zh-Hant': '帳號' },
  email: { en: 'e-mail address', 'zh-Hant': '電子郵件' },
};
