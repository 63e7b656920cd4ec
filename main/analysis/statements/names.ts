import type { IdentifierKind } from '../../../shared/model/identifier.ts';

export type StatementLanguage = 'en' | 'zh-Hant';

export const kindNames: Readonly<Record<IdentifierKind, Readonly<Record<StatementLanguage, string>>>> = {
  imei: { en: 'the handset number (IMEI)', 'zh-Hant': '手機序號（IMEI）' },
  meid: { en: 'the handset number (MEID)', 'zh-Hant': '手機序號（MEID）' },
  imsi: { en: 'the subscriber number (IMSI)', 'zh-Hant': '用戶識別碼（IMSI）' },
  iccid: { en: 'the SIM card number (ICCID)', 'zh-Hant': 'SIM 卡號（ICCID）' },
  msisdn: { en: "the handset's own telephone number", 'zh-Hant': '本機電話號碼' },
  'android-id': { en: 'the Android ID', 'zh-Hant': 'Android ID' },
  serial: { en: 'the serial number', 'zh-Hant': '產品序號' },
  'wifi-mac': { en: 'the Wi-Fi hardware address', 'zh-Hant': 'Wi-Fi 硬體位址' },
  'bluetooth-mac': { en: 'the Bluetooth hardware address', 'zh-Hant': '藍牙硬體位址' },
  'advertising-id': { en: 'the advertising ID', 'zh-Hant': '廣告識別碼' },
  account: { en: 'an account name', 'zh-Hant': '帳號名稱' },
  email: { en: 'an e-mail address', 'zh-Hant': '電子郵件地址' },
  'contact-msisdn': { en: "a contact's telephone number", 'zh-Hant': '聯絡人電話號碼' },
  'contact-name': { en: "a contact's name", 'zh-Hant': '聯絡人姓名' },
  ssid: { en: 'the name of a Wi-Fi network', 'zh-Hant': 'Wi-Fi 網路名稱' },
  bssid: { en: 'the hardware address of a Wi-Fi access point', 'zh-Hant': 'Wi-Fi 基地台硬體位址' },
  'cell-id': { en: 'a mobile cell', 'zh-Hant': '行動基地台代碼' },
  location: { en: 'a position', 'zh-Hant': '位置座標' },
  custom: { en: 'a listed value', 'zh-Hant': '指定內容' },
};

/** Steps of a transform in words; a step that is not here is shown by its name. */
const stepNames: Readonly<Record<string, Readonly<Record<StatementLanguage, string>>>> = {
  md5: { en: 'MD5', 'zh-Hant': 'MD5' },
  sha1: { en: 'SHA-1', 'zh-Hant': 'SHA-1' },
  sha256: { en: 'SHA-256', 'zh-Hant': 'SHA-256' },
  sha384: { en: 'SHA-384', 'zh-Hant': 'SHA-384' },
  sha512: { en: 'SHA-512', 'zh-Hant': 'SHA-512' },
  reversed: { en: 'reversed', 'zh-Hant': '倒序' },
  tbcd: { en: 'telephony BCD', 'zh-Hant': '電信 BCD' },
  'html-entity': { en: 'HTML character references', 'zh-Hant': 'HTML 字元參照' },
  'mobile-identity': { en: 'mobile identity', 'zh-Hant': '行動識別欄位' },
  bytes: { en: 'as bytes', 'zh-Hant': '位元組形式' },
  'bytes-le': { en: 'as bytes, lowest first', 'zh-Hant': '位元組形式（低位在前）' },
  varint: { en: 'variable-length integer', 'zh-Hant': '可變長度整數' },
  int64: { en: '64-bit integer', 'zh-Hant': '64 位元整數' },
  'int64-le': { en: '64-bit integer, lowest byte first', 'zh-Hant': '64 位元整數（低位在前）' },
  uuid: { en: 'as a UUID', 'zh-Hant': '寫成 UUID' },
  'name-uuid': { en: 'name-based UUID', 'zh-Hant': '名稱式 UUID' },
  line: { en: 'with a line end', 'zh-Hant': '加上換行' },
  'upper-hex': { en: 'hexadecimal in capitals', 'zh-Hant': '大寫十六進位' },
  'first-bytes-16': { en: 'first 16 bytes', 'zh-Hant': '前 16 位元組' },
  percent: { en: 'percent-encoding', 'zh-Hant': '百分號編碼' },
  'json-unicode': { en: 'JSON escapes', 'zh-Hant': 'JSON 跳脫' },
};

const placesOfCut: ReadonlyMap<string, string> = new Map([
  ['first', '前'],
  ['middle', '中間'],
  ['last', '末'],
]);

export function stepName(step: string, lang: StatementLanguage): string {
  const known = stepNames[step]?.[lang];
  if (known !== undefined) return known;
  const [, how, parts] = /^(join|hmac):(.*)$/s.exec(step) ?? [];
  if (how === 'join')
    return lang === 'en' ? `joined with other values: ${parts ?? ''}` : `與其他內容合併：${parts ?? ''}`;
  if (how === 'hmac') return lang === 'en' ? `HMAC with the key ${parts ?? ''}` : `以 ${parts ?? ''} 為金鑰之 HMAC`;
  const cut = /^(first|middle|last)-(\d+)$/.exec(step);
  if (cut === null) return step;
  if (lang === 'en') return `${cut[1] ?? ''} ${cut[2] ?? ''} characters`;
  return `${placesOfCut.get(cut[1] ?? '') ?? ''} ${cut[2] ?? ''} 字元`;
}

/** The kind that an `unlisted-…` form of a proposal names, with what speaks for it. */
export function proposedKind(form: string | null | undefined, lang: StatementLanguage): string {
  const kind = (form ?? '').replace(/^unlisted-/, '');
  return proposedKinds[kind]?.[lang] ?? (lang === 'en' ? 'an identifier' : '識別資料');
}

const proposedKinds: Readonly<Record<string, Readonly<Record<StatementLanguage, string>>>> = {
  imei: { en: 'an IMEI (15 digits, correct check digit)', 'zh-Hant': ' IMEI（15 位數字，檢查碼正確）' },
  imsi: { en: 'an IMSI (15 digits, country code in use)', 'zh-Hant': ' IMSI（15 位數字，國碼使用中）' },
  iccid: { en: 'a SIM card number (begins with 89)', 'zh-Hant': ' SIM 卡號（以 89 開頭）' },
  msisdn: { en: 'a telephone number (valid in its numbering plan)', 'zh-Hant': '電話號碼（符合編碼計畫）' },
  'wifi-mac': { en: 'a hardware address', 'zh-Hant': '硬體位址' },
  'android-id': { en: 'an Android ID (16 hexadecimal digits)', 'zh-Hant': ' Android ID（16 位十六進位數字）' },
  'advertising-id': { en: 'an advertising ID (random UUID)', 'zh-Hant': '廣告識別碼（隨機 UUID）' },
};
