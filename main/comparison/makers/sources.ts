/** Where the tables have their facts from. Facts are taken over, sentences and code are not. */
const aosp = 'https://android.googlesource.com/platform/frameworks/base/+/refs/heads/main/core';

/** Android's own list of settings, hidden ones among them. */
export const aospSettings = `${aosp}/java/android/provider/Settings.java`;
export const aospConnectivitySettings =
  'https://android.googlesource.com/platform/packages/modules/Connectivity/+/refs/heads/main/framework/src/android/net/ConnectivitySettingsManager.java';
export const aospAppOps = `${aosp}/java/android/app/AppOpsManager.java`;
export const aospManifest = `${aosp}/res/AndroidManifest.xml`;
export const aospBuild = `${aosp}/java/android/os/Build.java`;
export const androidPermission = (name: string): string =>
  `https://developer.android.com/reference/android/Manifest.permission#${name}`;
export const androidBootFlow = 'https://source.android.com/docs/security/features/verifiedboot/boot-flow';
export const androidDeviceState = 'https://source.android.com/docs/security/features/verifiedboot/device-state';
export const androidEncryption = 'https://source.android.com/docs/security/features/encryption';

/** Values of version and region properties on several builds of each maker, in the comments of a library for app developers. */
export const deviceOs =
  'https://github.com/getActivity/DeviceCompat/blob/01a54615d14d4d132dcf12174d73ff732fbaa35f/library/src/main/java/com/hjq/device/compat/DeviceOs.java';
/** Makers' permission and security apps, with the builds they were tried on. */
export const permissionPages =
  'https://github.com/getActivity/XXPermissions/blob/0c506656e0c9fa122e4c6a442fc89da8e9aba1b5/library/src/main/java/com/hjq/permissions/PermissionIntentManager.java';
export const installedAppsPermission =
  'https://github.com/getActivity/XXPermissions/blob/0c506656e0c9fa122e4c6a442fc89da8e9aba1b5/library/src/main/java/com/hjq/permissions/GetInstalledAppsPermissionCompat.java (T/TAF 108-2022)';
/** Makers' screens of autostart and of battery restrictions. */
export const autoStarter =
  'https://github.com/judemanutd/AutoStarter/blob/092e79c6d1ca195b9396d82b36bce3b51e0edee8/autostarter/src/main/java/com/judemanutd/autostarter/AutoStartPermissionHelper.kt';
/** Constants of MIUI's AppOpsManager, as a public messenger uses them. */
export const telegramMiui =
  'https://github.com/DrKLO/Telegram/blob/2a9d2a437a678bbf140382f7a8495a133db3b7f6/TMessagesProj/src/main/java/org/telegram/messenger/XiaomiUtilities.java';
export const debloaterList =
  'https://github.com/Universal-Debloater-Alliance/universal-android-debloater-next-generation/blob/002c57af3e15e43ff1b5b6ca3b49c59f80ec8d6a/resources/assets/uad_lists.json';

const removalList = 'https://github.com/KushagraKarira/Debloat/blob';
export const miuiPackages = `${removalList}/68efd96bdd458b8b50373f12ff22f23750889b0f/Android/MIUI.sh`;
export const huaweiPackages = `${removalList}/68efd96bdd458b8b50373f12ff22f23750889b0f/Android/Huawei.sh`;
export const samsungPackages = `${removalList}/2b98843fd04fb849e742c281ff76c1c4722dd883/Xperiments/lists/Samsung.sh`;
export const oppoPackages = `${removalList}/2b98843fd04fb849e742c281ff76c1c4722dd883/Android/Oppo.sh`;

/** Public decompilations, named by class (of the messaging app also: handbook, case-2014.md): no address of theirs is kept. */
export const miuiExtraSettings = 'class miui.provider.ExtraSettings of the MIUI framework (public decompilation)';
export const oneTrackSdk = 'class OsUtil of the SDK com.xiaomi.onetrack (public decompilation)';
export const miCloudSettings =
  'class com.xiaomi.micloudsdk.provider.MiCloudSettings of the Mi Cloud SDK (public decompilation)';
export const miPushSdk = 'SDK com.xiaomi.push of Xiaomi push (public decompilation)';
export const samsungAnalytics =
  'class UserAgreement of the SDK com.samsung.context.sdk.samsunganalytics (public decompilation)';
export const huaweiAnalytics = 'class HianalyticsHelper of Huawei Mobile Services (public decompilation)';
export const oppoStatistics = 'class com.oppo.statistics.util.VersionUtil of the ColorOS SDK (public decompilation)';
export const vivoFramework = 'the service LogUploadService as vivo’s framework calls it (public decompilation)';
export const miuiMms = 'MIUI messaging app of 2012 (public decompilation)';
/** Complete lists of properties of real handsets. */
export const realProperties = 'getprop of real handsets (Mi 6 with MIUI 9 and 11, Xiaomi 12S Pro with HyperOS 2)';
