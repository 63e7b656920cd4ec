import { createHash } from 'node:crypto';
import type { PackageData } from '../persona/packages.ts';
import { fullClass } from '../persona/packages.ts';

/** Object ids that dumpsys prints: any hex will do, the same for the same thing. */
function objectId(text: string, release: number): string {
  const digits = createHash('sha1').update(text).digest('hex');
  return release < 500 ? `4${digits.slice(0, 7)}` : digits.slice(0, 7).replace(/^0+/, '') || '1';
}

type Part = 'activities' | 'receivers' | 'services';

function resolverTable(title: string, part: Part, packages: readonly PackageData[], release: number): string {
  const byAction = new Map<string, string[]>();
  for (const each of packages) {
    for (const [component, actions] of Object.entries(each[part])) {
      for (const action of actions) {
        const full = `${each.name}/${component}`;
        const filter = release < 500 ? ` filter ${objectId(`${full} filter`, release)}` : '';
        byAction.set(action, [...(byAction.get(action) ?? []), `        ${objectId(full, release)} ${full}${filter}`]);
      }
    }
  }
  if (byAction.size === 0) return '';
  const rows = [...byAction].map(([action, lines]) => `      ${action}:\n${lines.join('\n')}\n`);
  return `${title} Resolver Table:\n  Non-Data Actions:\n${rows.join('')}\n`;
}

/** Permissions that the person decides since Android 6; a short list of those that the personas use. */
const runtimePermissions = new Set(
  [
    'READ_CONTACTS',
    'WRITE_CONTACTS',
    'GET_ACCOUNTS',
    'READ_PHONE_STATE',
    'READ_SMS',
    'SEND_SMS',
    'RECEIVE_SMS',
    'CAMERA',
    'RECORD_AUDIO',
    'ACCESS_FINE_LOCATION',
    'ACCESS_COARSE_LOCATION',
    'READ_CALL_LOG',
    'POST_NOTIFICATIONS',
    'READ_MEDIA_IMAGES',
  ].map((name) => `android.permission.${name}`),
);

const enabledNumber = { enabled: 0, disabled: 2, 'disabled-user': 3 } as const;

function componentLines(each: PackageData, indent: string): string {
  const list = (title: string, names: readonly string[]): string =>
    names.length === 0
      ? ''
      : `${indent}${title}:\n${names.map((name) => `${indent}  ${fullClass(each.name, name)}\n`).join('')}`;
  return list('disabledComponents', each.disabledComponents) + list('enabledComponents', each.enabledComponents);
}

function oldPackage(each: PackageData, release: number): string {
  const id = (kind: string): string => objectId(`${each.name} ${kind}`, release);
  const granted = Object.entries(each.permissions).filter(([, given]) => given);
  const flags = each.system
    ? '[ SYSTEM HAS_CODE ALLOW_CLEAR_USER_DATA ]'
    : '[ HAS_CODE ALLOW_CLEAR_USER_DATA ALLOW_BACKUP ]';
  return [
    `  Package [${each.name}] (${id('setting')}):`,
    `    userId=${each.uid} gids=[3003, 1028, 1015]`,
    ...(each.sharedUser === null
      ? []
      : [`    sharedUser=SharedUserSetting{${id('shared')} ${each.sharedUser}/${each.uid}}`]),
    `    pkg=Package{${id('package')} ${each.name}}`,
    `    codePath=${each.path}`,
    `    resourcePath=${each.path}`,
    `    nativeLibraryPath=/data/app-lib/${each.name}`,
    `    versionCode=${each.versionCode}${release >= 404 ? ` targetSdk=${each.targetSdk}` : ''}`,
    `    applicationInfo=ApplicationInfo{${id('info')} ${each.name}}`,
    `    flags=${flags}`,
    `    versionName=${each.versionName}`,
    `    dataDir=/data/data/${each.name}`,
    ...(release >= 404 ? [] : [`    targetSdk=${each.targetSdk}`]),
    '    supportsScreens=[small, medium, large, xlarge, resizeable, anyDensity]',
    `    timeStamp=${each.lastUpdate}`,
    `    firstInstallTime=${each.firstInstall}`,
    `    lastUpdateTime=${each.lastUpdate}`,
    ...(each.installer === null ? [] : [`    installerPackageName=${each.installer}`]),
    `    signatures=PackageSignatures{${id('signatures')} [${id('certificate')}]}`,
    `    permissionsFixed=${each.system} haveGids=true installStatus=1`,
    `    pkgFlags=${flags}`,
    `    User 0:  installed=true blocked=false stopped=false notLaunched=false enabled=${enabledNumber[each.state]}`,
    `${componentLines(each, '      ')}    grantedPermissions:`,
    ...granted.map(([name]) => `      ${name}`),
    '',
  ].join('\n');
}

function newPackage(each: PackageData, release: number): string {
  const id = (kind: string): string => objectId(`${each.name} ${kind}`, release);
  const permissions = Object.entries(each.permissions);
  const folder = each.path.replace(/\/[^/]+\.apk$/, '');
  return [
    `  Package [${each.name}] (${id('setting')}):`,
    `    ${release >= 1300 ? 'appId' : 'userId'}=${each.uid}`,
    ...(each.sharedUser === null
      ? []
      : [`    sharedUser=SharedUserSetting{${id('shared')} ${each.sharedUser}/${each.uid}}`]),
    `    pkg=Package{${id('package')} ${each.name}}`,
    `    codePath=${folder}`,
    `    resourcePath=${folder}`,
    `    legacyNativeLibraryDir=${folder}/lib`,
    '    primaryCpuAbi=arm64-v8a',
    '    secondaryCpuAbi=null',
    `    versionCode=${each.versionCode} minSdk=26 targetSdk=${each.targetSdk}`,
    `    versionName=${each.versionName}`,
    '    splits=[base]',
    '    apkSigningVersion=3',
    `    flags=[ ${each.system ? 'SYSTEM ' : ''}HAS_CODE ALLOW_CLEAR_USER_DATA ]`,
    `    dataDir=/data/user/0/${each.name}`,
    '    supportsScreens=[small, medium, large, xlarge, resizeable, anyDensity]',
    `    timeStamp=${each.lastUpdate}`,
    `    lastUpdateTime=${each.lastUpdate}`,
    ...(each.installer === null ? [] : [`    installerPackageName=${each.installer}`]),
    `    signatures=PackageSignatures{${id('signatures')} version:3, signatures:[${id('certificate')}], past signatures:[]}`,
    '    installPermissionsFixed=true',
    '    requested permissions:',
    ...permissions.map(([name]) => `      ${name}`),
    '    install permissions:',
    ...permissions
      .filter(([name]) => !runtimePermissions.has(name))
      .map(([name, given]) => `      ${name}: granted=${given}`),
    `    User 0: ceDataInode=131${each.uid % 10000} installed=true hidden=false suspended=false distractionFlags=0 stopped=false notLaunched=false enabled=${enabledNumber[each.state]} instant=false virtual=false`,
    `      firstInstallTime=${each.firstInstall}`,
    '      gids=[3003]',
    '      runtime permissions:',
    ...permissions
      .filter(([name]) => runtimePermissions.has(name))
      .map(
        ([name, given]) =>
          `        ${name}: granted=${given}, flags=[ USER_SENSITIVE_WHEN_GRANTED|USER_SENSITIVE_WHEN_DENIED]`,
      ),
    componentLines(each, '      '),
  ].join('\n');
}

/** `dumpsys package` (everything) or `dumpsys package NAME` in the release's own layout. */
export function dumpPackages(packages: readonly PackageData[], release: number): string {
  const one = release < 600 ? oldPackage : newPackage;
  return [
    resolverTable('Activity', 'activities', packages, release),
    resolverTable('Receiver', 'receivers', packages, release),
    resolverTable('Service', 'services', packages, release),
    'Packages:\n',
    ...packages.map((each) => one(each, release)),
  ].join('');
}
