import type { CategoryCount } from '../../../shared/model/finding.ts';

/** What was sent, in words: the object of a sentence. Never the values themselves. */
export function categoryEnglish({ name, values }: CategoryCount): string {
  switch (name) {
    case 'installed-apps':
      return `names of ${values} programs that are installed on it`;
    case 'contacts':
      return `${values} entries of its address book together`;
    case 'carrier':
      return 'the name or number of its mobile operator';
    case 'model-and-build':
      return 'its model or build';
    case 'network':
      return 'what is named like a Wi-Fi network (SSID or BSSID)';
    case 'cell':
      return 'what is named like a mobile cell';
    case 'coordinates':
      return 'what is named and written like a position';
    case 'sms-text':
      return 'the text of a message that its log or its message store holds';
    case 'usage-times':
      return 'what is named like times of use of programs';
  }
}

export function categoryChinese({ name, values }: CategoryCount): string {
  switch (name) {
    case 'installed-apps':
      return `已安裝之 ${values} 個應用程式名稱`;
    case 'contacts':
      return `${values} 筆聯絡人資料（同一訊息）`;
    case 'carrier':
      return '電信業者名稱或代碼';
    case 'model-and-build':
      return '機型或系統版本';
    case 'network':
      return '名稱似 Wi-Fi 網路（SSID 或 BSSID）之資料';
    case 'cell':
      return '名稱似行動基地台之資料';
    case 'coordinates':
      return '名稱與寫法均似位置座標之資料';
    case 'sms-text':
      return '手機日誌或簡訊資料庫所載簡訊之內容';
    case 'usage-times':
      return '名稱似應用程式使用時間之資料';
  }
}
