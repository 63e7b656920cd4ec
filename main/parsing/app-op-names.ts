/**
 * MIUI's own app-ops, which its releases print as `MIUIOP(N)`. Names after the constants of MIUI's `AppOpsManagerInject`
 * (public decompilations; 10008, 10015, 10018, 10021 and 10022 were confirmed by several).
 */
export const miuiOps: ReadonlyMap<number, string> = new Map([
  [10001, 'WIFI_CHANGE'],
  [10002, 'BLUETOOTH_CHANGE'],
  [10003, 'DATA_CONNECT_CHANGE'],
  [10004, 'SEND_MMS'],
  [10005, 'READ_MMS'],
  [10006, 'WRITE_MMS'],
  [10007, 'BOOT_COMPLETED'],
  [10008, 'AUTO_START'],
  [10009, 'NFC_CHANGE'],
  [10010, 'DELETE_SMS'],
  [10011, 'DELETE_MMS'],
  [10012, 'DELETE_CONTACTS'],
  [10013, 'DELETE_CALL_LOG'],
  [10014, 'EXACT_ALARM'],
  [10015, 'ACCESS_XIAOMI_ACCOUNT'],
  [10016, 'NFC'],
  [10017, 'INSTALL_SHORTCUT'],
  [10018, 'READ_NOTIFICATION_SMS'],
  [10019, 'GET_TASKS'],
  [10020, 'SHOW_WHEN_LOCKED'],
  [10021, 'BACKGROUND_START_ACTIVITY'],
  [10022, 'GET_INSTALLED_APPS'],
  [10023, 'SERVICE_FOREGROUND'],
]);

/** `MIUIOP(10008)` and `10008` become `AUTO_START(10008)`; an op that no table names stays as the handset said it. */
export function nameAppOp(said: string): string {
  const number = /^(?:MIUIOP\()?(1\d{4})\)?$/.exec(said)?.[1];
  if (number === undefined) return said;
  const name = miuiOps.get(Number(number));
  return name === undefined ? `MIUIOP(${number})` : `${name}(${number})`;
}

export type AppOpMode = 'allow' | 'ignore' | 'deny' | 'ask' | 'default' | 'foreground' | 'unknown';

/** AppOpsManager.MODE_* by number and by name; 5 is MIUI's «ask». */
const modes: Readonly<Record<string, AppOpMode>> = {
  '0': 'allow',
  '1': 'ignore',
  '2': 'deny',
  '3': 'default',
  '4': 'foreground',
  '5': 'ask',
  allow: 'allow',
  allowed: 'allow',
  ignore: 'ignore',
  ignored: 'ignore',
  deny: 'deny',
  errored: 'deny',
  default: 'default',
  foreground: 'foreground',
  ask: 'ask',
};

export function modeOf(said: string): AppOpMode {
  return modes[said.toLowerCase()] ?? 'unknown';
}
