import type { Wording } from './wording.ts';

/** What a permission lets an app do, in words an examiner can quote. Names without the prefix `android.permission.`. */
export const permissionWords: Readonly<Record<string, Wording>> = {
  READ_CONTACTS: { en: 'read the contacts', 'zh-Hant': '讀取聯絡人' },
  WRITE_CONTACTS: { en: 'change the contacts', 'zh-Hant': '修改聯絡人' },
  GET_ACCOUNTS: { en: 'see the accounts on the handset', 'zh-Hant': '查看手機上的帳號' },
  READ_PHONE_STATE: { en: 'read phone number, device and SIM numbers', 'zh-Hant': '讀取電話號碼、裝置與 SIM 識別碼' },
  READ_PHONE_NUMBERS: { en: 'read the phone number', 'zh-Hant': '讀取電話號碼' },
  READ_PRIVILEGED_PHONE_STATE: {
    en: 'read device and SIM numbers that other apps may not',
    'zh-Hant': '讀取受限制的裝置與 SIM 識別碼',
  },
  CALL_PHONE: { en: 'make calls', 'zh-Hant': '撥打電話' },
  READ_CALL_LOG: { en: 'read the call log', 'zh-Hant': '讀取通話紀錄' },
  WRITE_CALL_LOG: { en: 'change the call log', 'zh-Hant': '修改通話紀錄' },
  READ_SMS: { en: 'read SMS', 'zh-Hant': '讀取簡訊' },
  SEND_SMS: { en: 'send SMS', 'zh-Hant': '傳送簡訊' },
  RECEIVE_SMS: { en: 'receive SMS', 'zh-Hant': '接收簡訊' },
  RECEIVE_MMS: { en: 'receive MMS', 'zh-Hant': '接收多媒體簡訊' },
  WRITE_SMS: { en: 'change SMS', 'zh-Hant': '修改簡訊' },
  ACCESS_FINE_LOCATION: { en: 'know the exact location', 'zh-Hant': '取得精確位置' },
  ACCESS_COARSE_LOCATION: { en: 'know the approximate location', 'zh-Hant': '取得概略位置' },
  ACCESS_BACKGROUND_LOCATION: { en: 'know the location while not in use', 'zh-Hant': '於背景取得位置' },
  RECORD_AUDIO: { en: 'record sound', 'zh-Hant': '錄音' },
  CAMERA: { en: 'use the camera', 'zh-Hant': '使用相機' },
  READ_EXTERNAL_STORAGE: { en: 'read files of the shared storage', 'zh-Hant': '讀取共用儲存空間' },
  WRITE_EXTERNAL_STORAGE: { en: 'write files of the shared storage', 'zh-Hant': '寫入共用儲存空間' },
  READ_CALENDAR: { en: 'read the calendar', 'zh-Hant': '讀取行事曆' },
  WRITE_CALENDAR: { en: 'change the calendar', 'zh-Hant': '修改行事曆' },
  INTERNET: { en: 'use the network', 'zh-Hant': '使用網路' },
  RECEIVE_BOOT_COMPLETED: { en: 'be told when the handset has started', 'zh-Hant': '接收開機完成通知' },
  POST_NOTIFICATIONS: { en: 'show notifications', 'zh-Hant': '顯示通知' },
  SYSTEM_ALERT_WINDOW: { en: 'draw over other apps', 'zh-Hant': '顯示於其他應用程式上層' },
  QUERY_ALL_PACKAGES: { en: 'see which apps are installed', 'zh-Hant': '查看已安裝的應用程式' },
  PACKAGE_USAGE_STATS: { en: 'see which apps are used and when', 'zh-Hant': '查看應用程式使用紀錄' },
  WAKE_LOCK: { en: 'keep the handset awake', 'zh-Hant': '保持手機喚醒' },
  ACCESS_WIFI_STATE: { en: 'see the Wi-Fi state', 'zh-Hant': '查看 Wi-Fi 狀態' },
  BLUETOOTH_CONNECT: { en: 'connect to Bluetooth devices', 'zh-Hant': '連接藍牙裝置' },
};

/** App-ops that matter most, MIUI's own among them. */
export const appOpWords: Readonly<Record<string, Wording>> = {
  'AUTO_START(10008)': { en: 'may start by itself (MIUI autostart)', 'zh-Hant': '可自行啟動（MIUI 自動啟動）' },
  'BOOT_COMPLETED(10007)': { en: 'may start with the handset (MIUI)', 'zh-Hant': '可隨開機啟動（MIUI）' },
  'ACCESS_XIAOMI_ACCOUNT(10015)': { en: 'may see the Xiaomi account', 'zh-Hant': '可取得小米帳號' },
  'READ_NOTIFICATION_SMS(10018)': { en: 'may read notification SMS', 'zh-Hant': '可讀取通知類簡訊' },
  'BACKGROUND_START_ACTIVITY(10021)': {
    en: 'may open screens from the background (MIUI)',
    'zh-Hant': '可於背景開啟畫面（MIUI）',
  },
  'GET_INSTALLED_APPS(10022)': {
    en: 'may see the installed apps (MIUI)',
    'zh-Hant': '可取得已安裝應用程式清單（MIUI）',
  },
  'SERVICE_FOREGROUND(10023)': {
    en: 'may keep a service in the foreground (MIUI)',
    'zh-Hant': '可使用前景服務（MIUI）',
  },
  POST_NOTIFICATION: { en: 'may show notifications', 'zh-Hant': '可顯示通知' },
  READ_CONTACTS: { en: 'may read the contacts', 'zh-Hant': '可讀取聯絡人' },
  READ_SMS: { en: 'may read SMS', 'zh-Hant': '可讀取簡訊' },
  SEND_SMS: { en: 'may send SMS', 'zh-Hant': '可傳送簡訊' },
  RUN_IN_BACKGROUND: { en: 'may run in the background', 'zh-Hant': '可於背景執行' },
  RUN_ANY_IN_BACKGROUND: { en: 'may run in the background', 'zh-Hant': '可於背景執行' },
  READ_PHONE_STATE: { en: 'may read phone and SIM numbers', 'zh-Hant': '可讀取電話與 SIM 識別碼' },
  FINE_LOCATION: { en: 'may know the exact location', 'zh-Hant': '可取得精確位置' },
  COARSE_LOCATION: { en: 'may know the approximate location', 'zh-Hant': '可取得概略位置' },
};

/** Settings that matter: what they are about, and what their values say. */
export const settingWords: Readonly<
  Record<string, { readonly about: Wording; readonly values?: Readonly<Record<string, Wording>> }>
> = {
  'system/mx_used': {
    about: { en: 'MIUI Cloud Messaging (network SMS)', 'zh-Hant': 'MIUI 網路簡訊服務' },
    values: {
      '1': { en: 'has been in use', 'zh-Hant': '曾啟用' },
      '0': { en: 'not in use', 'zh-Hant': '未啟用' },
    },
  },
  'secure/android_id': {
    about: {
      en: 'Android id of the handset (a factory reset draws a new one)',
      'zh-Hant': '手機的 Android ID（恢復原廠設定後更新）',
    },
  },
  'global/adb_enabled': {
    about: { en: 'USB debugging', 'zh-Hant': 'USB 偵錯' },
    values: { '1': { en: 'on', 'zh-Hant': '開啟' }, '0': { en: 'off', 'zh-Hant': '關閉' } },
  },
  'global/http_proxy': { about: { en: 'web proxy of the handset', 'zh-Hant': '手機的網路代理' } },
  'global/private_dns_mode': { about: { en: 'private DNS', 'zh-Hant': '私人 DNS' } },
  'secure/default_input_method': { about: { en: 'keyboard in use', 'zh-Hant': '使用中的輸入法' } },
  'secure/sms_default_application': { about: { en: 'app for SMS', 'zh-Hant': '預設簡訊程式' } },
  'secure/enabled_notification_listeners': {
    about: { en: 'apps that read notifications', 'zh-Hant': '可讀取通知的程式' },
  },
  'secure/enabled_accessibility_services': {
    about: { en: 'accessibility services in use', 'zh-Hant': '啟用中的協助工具' },
  },
  'secure/location_providers_allowed': { about: { en: 'location sources allowed', 'zh-Hant': '允許的定位來源' } },
  'secure/location_mode': { about: { en: 'location', 'zh-Hant': '定位模式' } },
  'secure/install_non_market_apps': { about: { en: 'apps from unknown sources', 'zh-Hant': '未知來源應用程式' } },
  'secure/upload_log_pref': { about: { en: 'MIUI user experience programme', 'zh-Hant': 'MIUI 使用者體驗計畫' } },
};

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
