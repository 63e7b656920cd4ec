import { autoStarter, debloaterList, deviceOs, oppoPackages, oppoStatistics, permissionPages } from './sources.ts';
import { rule } from './rule.ts';
import type { MakerRule } from './rule.ts';

const lists = 'ColorOS of OPPO';
const onePlus = 'OnePlus handsets';

/** OPPO's ColorOS, realme UI, OnePlus's OxygenOS and HydrogenOS. */
export const colorOs: readonly MakerRule[] = [
  rule('property:ro.build.version.opporom', 'version of ColorOS', 'ColorOS 版本', deviceOs, 'ColorOS'),
  rule('property:ro.build.version.oplusrom', 'version of ColorOS', 'ColorOS 版本', deviceOs, 'ColorOS 13 (V13.1.0)'),
  rule(
    'property:ro.build.version.oplusrom.display',
    'version of ColorOS as it is shown',
    'ColorOS 顯示的版本',
    deviceOs,
    'ColorOS 13 (13.1)',
  ),
  rule('property:ro.build.version.realmeui', 'version of realme UI', 'realme UI 版本', deviceOs, 'realme UI 5 (V5.0)'),
  rule('property:ro.oxygen.version', 'version of OxygenOS', 'OxygenOS 版本', deviceOs, 'OxygenOS 9 (9.0.4)'),
  rule(
    'property:ro.rom.version',
    'version of HydrogenOS or OxygenOS',
    'HydrogenOS 或 OxygenOS 版本',
    deviceOs,
    'Android 7.1.1 (H2OS V3.5), Android 9 (9.0.11), Android 11 (11.1.2.2)',
  ),
  rule(
    'package:com.coloros.safecenter',
    'ColorOS security centre: permissions and start of apps',
    'ColorOS 安全中心：權限與應用程式自動啟動',
    autoStarter,
    'ColorOS',
  ),
  rule(
    'package:com.oppo.safe',
    'OPPO security centre: permissions and start of apps',
    'OPPO 安全中心：權限與應用程式自動啟動',
    `${permissionPages}; ${autoStarter}`,
    'ColorOS 2.1 with Android 5.0',
  ),
  rule(
    'package:com.color.safecenter',
    'OPPO security centre: permissions and start of apps',
    'OPPO 安全中心：權限與應用程式自動啟動',
    permissionPages,
    'ColorOS 2.1 with Android 4.4',
  ),
  rule('package:com.oplus.safecenter', 'OPPO security centre', 'OPPO 安全中心', permissionPages, 'ColorOS'),
  rule('package:com.coloros.securitypermission', 'ColorOS permission manager', 'ColorOS 權限管理', oppoPackages, lists),
  rule(
    'package:com.nearme.statistics.rom',
    'ColorOS statistics: takes the records of use of the system’s apps',
    'ColorOS 統計：接收系統應用程式的使用紀錄',
    oppoStatistics,
    'ColorOS and realme UI',
  ),
  rule('package:com.coloros.cloud', 'OPPO cloud', 'OPPO 雲端', oppoPackages, lists),
  rule('package:com.heytap.cloud', 'HeyTap cloud', 'HeyTap 雲端', oppoPackages, lists),
  rule('package:com.coloros.findmyphone', 'find my phone', '尋找手機', oppoPackages, lists),
  rule('package:com.nearme.browser', 'OPPO browser', 'OPPO 瀏覽器', oppoPackages, lists),
  rule('package:com.oppo.market', 'OPPO app market', 'OPPO 軟體商店', oppoPackages, lists),
  rule(
    'package:com.oneplus.opbugreportlite',
    'OnePlus bug report: sends battery statistics, crashes and errors at intervals of six hours, as published in 2017',
    'OnePlus 錯誤回報：依 2017 年公開研究，每六小時傳送電池統計、當機與錯誤',
    `${debloaterList}; https://www.androidpit.com/oneplus-opbugreportlite-data-collection`,
    'OxygenOS',
  ),
  rule(
    'package:com.oem.oemlogkit',
    'OnePlus LogKit: can log Wi-Fi, Bluetooth, NFC, position over time and more where it is started',
    'OnePlus LogKit：啟動後可記錄 Wi-Fi、藍牙、NFC、位置軌跡等',
    `${debloaterList}; https://thehackernews.com/2017/11/oneplus-logkit-app.html`,
    onePlus,
  ),
  rule(
    'package:com.oneplus.factorymode',
    'OnePlus factory tests; in 2017 it was found to give root over USB debugging',
    'OnePlus 工廠測試；2017 年發現可經 USB 偵錯取得 root',
    debloaterList,
    onePlus,
  ),
  rule('package:net.oneplus.commonlogtool', 'OnePlus log tool', 'OnePlus 紀錄工具', debloaterList, onePlus),
  rule('package:com.oplus.account', 'OnePlus and OPPO account', 'OnePlus 與 OPPO 帳號', debloaterList, onePlus),
  rule(
    'component:com.coloros.safecenter.permission.startup.StartupAppListActivity',
    'ColorOS page where starting by itself is allowed for each app',
    'ColorOS 的應用程式自動啟動管理頁',
    autoStarter,
    'ColorOS',
  ),
  rule(
    'component:com.coloros.safecenter.startupapp.StartupAppListActivity',
    'ColorOS page where starting by itself is allowed for each app',
    'ColorOS 的應用程式自動啟動管理頁',
    autoStarter,
    'ColorOS',
  ),
  rule(
    'component:com.oppo.safe.permission.startup.StartupAppListActivity',
    'OPPO page where starting by itself is allowed for each app',
    'OPPO 的應用程式自動啟動管理頁',
    autoStarter,
    'ColorOS 2.1',
  ),
  rule(
    'component:com.oneplus.security.chainlaunch.view.ChainLaunchAppListActivity',
    'OnePlus page where starting by itself is allowed for each app',
    'OnePlus 的應用程式自動啟動管理頁',
    autoStarter,
    onePlus,
  ),
];
