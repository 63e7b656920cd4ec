import type { Language } from '../wording.ts';

/** Documents that have no address, as the tables name them. */
const documents: ReadonlyMap<string, string> = new Map([
  [
    'getprop of real handsets (Mi 6 with MIUI 9 and 11, Xiaomi 12S Pro with HyperOS 2)',
    '實機的 getprop（Mi 6：MIUI 9 與 11；Xiaomi 12S Pro：HyperOS 2）',
  ],
  [
    'constant MIUI_OPTIMIZATION of android.provider.MiuiSettings.Secure (public decompilation)',
    'android.provider.MiuiSettings.Secure 的常數 MIUI_OPTIMIZATION（公開反編譯）',
  ],
  ['MIUI messaging app of 2012 (public decompilation)', '2012 年的 MIUI 簡訊程式（公開反編譯）'],
  [
    'class OsUtil of the SDK com.xiaomi.onetrack (public decompilation)',
    'SDK com.xiaomi.onetrack 的類別 OsUtil（公開反編譯）',
  ],
  [
    'class miui.provider.ExtraSettings of the MIUI framework (public decompilation)',
    'MIUI 框架的類別 miui.provider.ExtraSettings（公開反編譯）',
  ],
  [
    'class com.xiaomi.micloudsdk.provider.MiCloudSettings of the Mi Cloud SDK (public decompilation)',
    '小米雲端 SDK 的類別 com.xiaomi.micloudsdk.provider.MiCloudSettings（公開反編譯）',
  ],
  [
    'apps that ask who defines com.android.permission.GET_INSTALLED_APPS, in public repositories',
    '公開程式庫中查詢 com.android.permission.GET_INSTALLED_APPS 定義者的應用程式',
  ],
  [
    'apps that open its page com.miui.powerkeeper.ui.HiddenAppsConfigActivity, in public repositories',
    '公開程式庫中開啟其頁面 com.miui.powerkeeper.ui.HiddenAppsConfigActivity 的應用程式',
  ],
  ['called «System Ad Solution» in other public lists of packages', '其他公開套件清單稱為「System Ad Solution」'],
  ['SDK com.xiaomi.push of Xiaomi push (public decompilation)', '小米推播的 SDK com.xiaomi.push（公開反編譯）'],
  ['apps that open it, in public repositories', '公開程式庫中開啟該頁面的應用程式'],
  [
    'product makefiles of Samsung handsets (ro.build.PDA=N9600ZHU9FWC1) in public repositories',
    '公開程式庫中 Samsung 手機的產品定義檔（ro.build.PDA=N9600ZHU9FWC1）',
  ],
  [
    'Samsung’s own classes, as com.samsung.android.settings reads it (public decompilation)',
    'Samsung 自有類別，如 com.samsung.android.settings 所讀取（公開反編譯）',
  ],
  [
    'class UserAgreement of the SDK com.samsung.context.sdk.samsunganalytics (public decompilation)',
    'SDK com.samsung.context.sdk.samsunganalytics 的類別 UserAgreement（公開反編譯）',
  ],
  [
    'class HianalyticsHelper of Huawei Mobile Services (public decompilation)',
    'Huawei 行動服務的類別 HianalyticsHelper（公開反編譯）',
  ],
  [
    'its own classes com.huawei.powergenie.core (public decompilation)',
    '其自有類別 com.huawei.powergenie.core（公開反編譯）',
  ],
  [
    'class com.oppo.statistics.util.VersionUtil of the ColorOS SDK (public decompilation)',
    'ColorOS SDK 的類別 com.oppo.statistics.util.VersionUtil（公開反編譯）',
  ],
  [
    'apps that open its page com.vivo.applicationbehaviorengine.ui.ExcessivePowerManagerActivity, in public repositories',
    '公開程式庫中開啟其頁面 com.vivo.applicationbehaviorengine.ui.ExcessivePowerManagerActivity 的應用程式',
  ],
  [
    'the service LogUploadService as vivo’s framework calls it (public decompilation)',
    'vivo 框架所呼叫的服務 LogUploadService（公開反編譯）',
  ],
]);

/** A source in a language: addresses stay, documents are named; several are parted by `; `. */
export function sourceText(source: string, lang: Language): string {
  if (lang === 'en') return source;
  return source
    .split('; ')
    .map((one) => documents.get(one) ?? one)
    .join('；');
}

/** Words of releases, longest first: names and numbers of releases stay as they are. */
const releaseWords: readonly (readonly [RegExp, string])[] = [
  [/^apps for (.+) and later$/, '目標為 $1 及之後的應用程式'],
  [/^handsets with Google’s services$/, '具 Google 服務的手機'],
  [/^handsets with chips of Qualcomm$/, '使用 Qualcomm 晶片的手機'],
  [/^handsets with Samsung’s analytics; settings of One UI$/, '具 Samsung 分析程式的手機；One UI 的設定'],
  [/^(\w+) handsets to (.+)$/, '$1 手機（至 $2）'],
  [/^OnePlus handsets$/, 'OnePlus 手機'],
  [/^ColorOS of OPPO$/, 'OPPO 的 ColorOS'],
  [/^MIUI of Mi 6 Pro and others$/, 'Mi 6 Pro 等的 MIUI'],
  [/^(.+) with Mi Cloud$/, '具小米雲端的 $1'],
  [/^EMUI with Huawei Mobile Services$/, '具 Huawei 行動服務的 EMUI'],
  [/; apps get ids of their own since (\S+)$/, '；$1 起各應用程式有自己的識別碼'],
  [/; of no effect since (\S+)$/, '；$1 起無作用'],
  [/ \(a permission of each app since (\S+)\)/, '（$1 起改為各應用程式的權限）'],
  [/, where the maker defines it$/, '（製造商有定義者）'],
  [/ global builds$/, ' 國際版'],
  [/; global builds /, '；國際版 '],
  [/^(.+?) with (.+)$/, '$1（$2）'],
  [/ and later/g, ' 及之後'],
  [/ to /g, ' 至 '],
  [/ and /g, ' 與 '],
];

/** The release that a row was seen on, in a language. */
export function releaseText(seenOn: string, lang: Language): string {
  if (lang === 'en') return seenOn;
  return releaseWords.reduce((text, [pattern, words]) => text.replace(pattern, words), seenOn);
}
