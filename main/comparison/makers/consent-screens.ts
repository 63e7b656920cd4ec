import { miuiMms } from './sources.ts';
import { ruleOf } from './tables.ts';

const aospApp = (path: string): string => `https://android.googlesource.com/platform/packages/${path}`;

/** A program whose screens ask for consent or set the handset up, and where that it does is said. */
interface ConsentScreens {
  readonly package: string;
  readonly source: string;
}

/** One line a program. */
const consentScreens: readonly ConsentScreens[] = [
  { package: 'com.android.provision', source: aospApp('apps/Provision') },
  { package: 'com.android.permissioncontroller', source: aospApp('modules/Permission') },
  { package: 'com.google.android.permissioncontroller', source: aospApp('modules/Permission') },
  { package: 'com.android.packageinstaller', source: aospApp('apps/PackageInstaller') },
  { package: 'com.google.android.packageinstaller', source: aospApp('apps/PackageInstaller') },
  {
    package: 'com.google.android.setupwizard',
    source: 'GOOGLESETUP_PKG of HwPackageManagerService, EMUI framework (public decompilation)',
  },
  {
    package: 'com.huawei.hwstartupguide',
    source: 'HWSETUP_PKG of HwPackageManagerService, EMUI framework (public decompilation)',
  },
  {
    package: 'com.sec.android.app.SecSetupWizard',
    source: 'com.sec.android.app.secsetupwizard.SETUPWIZARD_COMPLETE of Samsung’s framework (public decompilation)',
  },
  {
    package: 'com.coloros.bootreg',
    source: 'com.coloros.bootreg.activity.statementpage, as ColorOS’ own settings open it (public decompilation)',
  },
  {
    package: 'com.vivo.setupwizard',
    source: 'com.vivo.setupwizard.LaunchActivity, as vivo’s framework asks for its state (public decompilation)',
  },
  { package: 'com.android.mms', source: miuiMms },
  {
    package: 'com.miui.cloudservice',
    source: 'com.miui.cloudservice.ui.MiCloudHybridActivity, as MIUI’s own programs open it (public decompilation)',
  },
];

const asking: ReadonlySet<string> = new Set(consentScreens.map((one) => one.package));

/** Whether a program's screens say something of consent: it is listed here, or the makers' tables know it (accounts, clouds, security). */
export function bearsOnConsent(name: string): boolean {
  return asking.has(name) || ruleOf(`package:${name}`, null) !== null;
}
