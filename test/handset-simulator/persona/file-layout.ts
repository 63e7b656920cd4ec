import { makeRandom } from '../../demo-world/random.ts';
import { makeCertificate } from '../../traffic-generator/certificate-der.ts';
import { compiledManifest, jarSignature, schemeBlock, signingBlock, storedArchive, withBlock } from './apk-file.ts';
import type { ManifestElement } from './apk-file.ts';
import type { Device } from './device.ts';
import { filesOf, readPackages } from './packages.ts';
import type { PackageData } from './packages.ts';

const packageText = (device: Device, each: PackageData): string =>
  `${device.world.synthetic}: stands for ${each.name} ${each.versionName} (${each.versionCode}) of ${device.persona.product.model}\n`;

const componentsOf = (type: string, all: Readonly<Record<string, readonly string[]>>): ManifestElement[] =>
  Object.entries(all).map(([name, actions]) => ({
    name: type,
    attributes: { name, exported: actions.length > 0 },
    children: actions.length === 0 ? [] : [{ name: 'intent-filter', children: actions.map(actionOf) }],
  }));
const actionOf = (name: string): ManifestElement => ({ name: 'action', attributes: { name } });

function manifestOf(each: PackageData, split: string | null): ManifestElement {
  const about = { package: each.name, versionCode: each.versionCode };
  if (split !== null) return { name: 'manifest', attributes: { ...about, split } };
  const shared = each.sharedUser === null ? {} : { sharedUserId: each.sharedUser };
  return {
    name: 'manifest',
    attributes: { ...about, versionName: each.versionName, ...shared },
    children: [
      { name: 'uses-sdk', attributes: { minSdkVersion: 18, targetSdkVersion: each.targetSdk } },
      ...Object.keys(each.permissions).map((name) => ({ name: 'uses-permission', attributes: { name } })),
      {
        name: 'application',
        children: [
          ...componentsOf('activity', each.activities),
          ...componentsOf('receiver', each.receivers),
          ...componentsOf('service', each.services),
        ],
      },
    ],
  };
}

/**
 * What stands for the code of a package: its manifest, a text that says what it is, and the form of a signature as the release knows
 * it. The certificate is one a vendor (the first two parts of the name); nothing is really signed.
 */
function apkOf(device: Device, each: PackageData, split: string | null): Buffer {
  const vendor = each.name.split('.').slice(0, 2).join('.');
  const certificate = makeCertificate(makeRandom(1, `signer ${vendor}`), `${vendor} ${device.world.synthetic}`, []);
  const entries = [
    { name: 'AndroidManifest.xml', content: compiledManifest(manifestOf(each, split)) },
    { name: 'synthetic-demonstration.txt', content: Buffer.from(packageText(device, each)) },
  ];
  const { sdk } = device.persona;
  if (sdk < 24) return storedArchive([...entries, { name: 'META-INF/CERT.RSA', content: jarSignature([certificate]) }]);
  const schemes = sdk < 28 ? (['v2'] as const) : (['v2', 'v3'] as const);
  return withBlock(storedArchive(entries), signingBlock(...schemes.map((one) => schemeBlock(one, [[certificate]]))));
}

function putFolder(device: Device, path: string, mode: number, denied = false): void {
  device.files.put(path, Buffer.alloc(0), { kind: 'folder', mode, ...(denied ? { denied } : {}) });
}

function putLink(device: Device, path: string, target: string): void {
  device.files.put(path, Buffer.alloc(0), { kind: 'link', mode: 0o777, target });
}

/** Files of the persona's `fs/`, the ones that are made anew at each reading, storage links, and the packages' archives. */
export function layOutFiles(device: Device): void {
  const bootedAt = Math.floor(device.bootedAtMs() / 1000);
  const storage = device.release < 500 ? '/storage/emulated/legacy' : '/storage/emulated/0';
  putFolder(device, '/data', 0o771, true);
  putFolder(device, '/data/local/tmp', 0o771);
  for (const name of ['DCIM', 'Download', 'Android']) putFolder(device, `${storage}/${name}`, 0o770);
  putLink(device, '/sdcard', storage);
  putLink(device, '/mnt/sdcard', storage);
  for (const name of device.folder.names('fs')) {
    const raw = device.folder.bytes(`fs/${name}`) ?? Buffer.alloc(0);
    const content = raw.includes(0) ? raw : Buffer.from(device.fill(raw.toString('utf8')));
    device.files.put(`/${name}`, content, { modifiedAt: bootedAt });
  }
  const uptime = (): Buffer => {
    const seconds = device.uptimeSeconds();
    return Buffer.from(`${seconds.toFixed(2)} ${(seconds * 3.1).toFixed(2)}\n`);
  };
  device.files.put('/proc/uptime', uptime, { mode: 0o444 });
  for (const each of readPackages(device)) {
    const modifiedAt = Math.floor(Date.parse(`${each.lastUpdate.replace(' ', 'T')}+08:00`) / 1000);
    for (const { path, split } of filesOf(each))
      device.files.put(path, () => apkOf(device, each, split), {
        modifiedAt: Number.isFinite(modifiedAt) ? modifiedAt : bootedAt,
      });
  }
}
