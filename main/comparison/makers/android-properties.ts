import { androidBootFlow, androidDeviceState, androidEncryption, aospBuild, debloaterList } from './sources.ts';
import { meanings, rule, yesNo } from './rule.ts';
import type { MakerRule } from './rule.ts';

const since1 = 'Android 4.3 to 16';
const cdd = 'https://source.android.com/docs/compatibility/cdd';

/** Properties of Android itself, and packages that more than one maker's handsets have. */
export const androidProperties: readonly MakerRule[] = [
  rule(
    'property:ro.build.fingerprint',
    'names the build: brand, product, device, release, number and keys',
    '識別組建：品牌、產品、裝置、版本、編號與金鑰',
    aospBuild,
    since1,
  ),
  rule('property:ro.build.version.release', 'Android version', 'Android 版本', aospBuild, since1),
  rule('property:ro.build.version.sdk', 'API level of Android', 'Android API 級別', aospBuild, since1),
  rule('property:ro.build.version.incremental', 'number of the build', '組建編號', aospBuild, since1),
  rule(
    'property:ro.build.version.security_patch',
    'level of Android’s security patches',
    'Android 安全性修補程式等級',
    aospBuild,
    'Android 6.0 and later',
  ),
  rule(
    'property:ro.build.type',
    'type of the build',
    '組建類型',
    aospBuild,
    since1,
    meanings(
      ['user', 'as it is sold', '上市版'],
      ['userdebug', 'for developers: root over USB debugging can be had', '開發版：可經 USB 偵錯取得 root'],
      ['eng', 'for the maker’s engineers', '工程版'],
    ),
  ),
  rule(
    'property:ro.build.tags',
    'keys that the build is signed with',
    '組建的簽署金鑰',
    aospBuild,
    since1,
    meanings(['release-keys', 'the maker’s own', '製造商金鑰'], ['test-keys', 'public test keys', '公開測試金鑰']),
  ),
  rule('property:ro.debuggable', 'system apps can be debugged', '可偵錯系統應用程式', cdd, since1, yesNo),
  rule(
    'property:ro.boot.verifiedbootstate',
    'what verified boot found at the start',
    '開機驗證結果',
    androidBootFlow,
    'Android 6.0 and later',
    meanings(
      ['green', 'verified with the maker’s key', '以製造商金鑰驗證'],
      ['yellow', 'verified with a key that the user set', '以使用者設定的金鑰驗證'],
      ['orange', 'not verified: the boot loader is unlocked', '未驗證：開機載入程式已解鎖'],
      ['red', 'damaged or not valid', '損毀或無效'],
    ),
  ),
  rule(
    'property:ro.boot.flash.locked',
    'boot loader is locked',
    '開機載入程式已上鎖',
    androidDeviceState,
    'Android 6.0 and later',
    yesNo,
  ),
  rule(
    'property:ro.crypto.state',
    'storage of the user',
    '使用者儲存空間',
    androidEncryption,
    since1,
    meanings(['encrypted', 'encrypted', '已加密'], ['unencrypted', 'not encrypted', '未加密']),
  ),
  rule(
    'property:ro.crypto.type',
    'how the storage is encrypted',
    '儲存空間的加密方式',
    androidEncryption,
    'Android 7.0 and later',
    meanings(['file', 'file by file', '檔案式'], ['block', 'as a whole', '整體']),
  ),
  rule('property:ro.product.manufacturer', 'maker of the handset', '手機製造商', aospBuild, since1),
  rule('property:ro.product.brand', 'brand of the handset', '手機品牌', aospBuild, since1),
  rule('property:ro.product.model', 'model of the handset', '手機型號', aospBuild, since1),
  rule('property:ro.serialno', 'serial number of the handset', '手機序號', aospBuild, since1),
  rule(
    'package:com.android.shell',
    'shell that takes the commands of USB debugging',
    '接收 USB 偵錯指令的殼層',
    debloaterList,
    since1,
  ),
  rule(
    'package:com.android.providers.telephony',
    'store of SMS, MMS and access points',
    '簡訊、多媒體簡訊與存取點的資料庫',
    debloaterList,
    since1,
  ),
  rule('package:com.android.providers.settings', 'store of the settings', '設定的資料庫', debloaterList, since1),
  rule(
    'package:com.google.android.gms',
    'Google Play services: sign-in, location, push messages, backup for other apps',
    'Google Play 服務：為其他應用程式提供登入、定位、推播與備份',
    'https://developers.google.com/android/guides/overview',
    'handsets with Google’s services',
  ),
  rule(
    'package:com.android.vending',
    'Google Play store',
    'Google Play 商店',
    'https://play.google.com/store/apps/details?id=com.android.vending',
    'handsets with Google’s services',
  ),
  rule(
    'package:com.qualcomm.qti.devicestatisticsservice',
    'statistics of the handset’s use, of the chip maker Qualcomm',
    '晶片製造商 Qualcomm 的手機使用統計',
    debloaterList,
    'handsets with chips of Qualcomm',
  ),
  rule(
    'package:com.qti.diagservices',
    'diagnostic services of the chip maker Qualcomm',
    '晶片製造商 Qualcomm 的診斷服務',
    debloaterList,
    'handsets with chips of Qualcomm',
  ),
];
