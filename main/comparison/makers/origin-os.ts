import { autoStarter, deviceOs, permissionPages, vivoFramework } from './sources.ts';
import { rule } from './rule.ts';
import type { MakerRule } from './rule.ts';

/** vivo's and iQOO's OriginOS and Funtouch OS. */
export const originOs: readonly MakerRule[] = [
  rule(
    'property:ro.vivo.os.build.display.id',
    'name and version of vivo’s system as it is shown',
    'vivo 系統顯示的名稱與版本',
    deviceOs,
    'Funtouch OS 2.5 (Funtouch OS_2.5), OriginOS 4, OriginOS 5',
  ),
  rule('property:ro.vivo.os.version', 'version of vivo’s system', 'vivo 系統版本', deviceOs, 'Funtouch OS 2.5 (2.5)'),
  rule(
    'property:ro.vivo.os.name',
    'name of vivo’s system: it says Funtouch on OriginOS too',
    'vivo 系統名稱：OriginOS 上亦顯示 Funtouch',
    deviceOs,
    'Funtouch OS and OriginOS (Funtouch)',
  ),
  rule('property:ro.vivo.rom.version', 'version of vivo’s ROM', 'vivo ROM 版本', deviceOs, 'Funtouch OS 2.5 (rom_2.5)'),
  rule(
    'package:com.iqoo.secure',
    'vivo security centre: permissions and start of apps',
    'vivo i 管家：權限與應用程式自動啟動',
    `${permissionPages}; ${autoStarter}`,
    'Funtouch OS with Android 5.1 and later',
  ),
  rule(
    'package:com.vivo.permissionmanager',
    'vivo permission manager: permissions and start in the background',
    'vivo 權限管理：權限與背景啟動',
    autoStarter,
    'Funtouch OS 3 and later',
  ),
  rule(
    'package:com.vivo.abe',
    'vivo’s engine of app behaviour: holds the page of high battery use in the background',
    'vivo 應用程式行為引擎：含背景高耗電管理頁',
    'apps that open its page com.vivo.applicationbehaviorengine.ui.ExcessivePowerManagerActivity, in public repositories',
    'Funtouch OS and OriginOS',
  ),
  rule(
    'package:com.bbk.iqoo.logsystem',
    'vivo log system: takes logs of the system for its upload service',
    'vivo 紀錄系統：為其上傳服務接收系統紀錄',
    vivoFramework,
    'Funtouch OS',
  ),
  rule(
    'component:com.vivo.permissionmanager.activity.BgStartUpManagerActivity',
    'vivo page where starting in the background is allowed for each app',
    'vivo 的應用程式背景啟動管理頁',
    autoStarter,
    'Funtouch OS 3 and later',
  ),
  rule(
    'component:com.iqoo.secure.ui.phoneoptimize.AddWhiteListActivity',
    'vivo page of the apps that may start by themselves',
    'vivo 的自動啟動許可清單頁',
    autoStarter,
    'Funtouch OS',
  ),
  rule(
    'component:com.iqoo.secure.ui.phoneoptimize.BgStartUpManager',
    'vivo page where starting in the background is allowed for each app',
    'vivo 的應用程式背景啟動管理頁',
    autoStarter,
    'Funtouch OS',
  ),
  rule(
    'component:com.vivo.applicationbehaviorengine.ui.ExcessivePowerManagerActivity',
    'vivo page of the apps that may use much power in the background',
    'vivo 的背景高耗電管理頁',
    'apps that open it, in public repositories',
    'Funtouch OS and OriginOS',
  ),
];
