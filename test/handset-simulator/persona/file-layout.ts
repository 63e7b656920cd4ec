import { crc32 } from 'node:zlib';
import type { Device } from './device.ts';
import { readPackages } from './packages.ts';
import type { PackageData } from './packages.ts';

/** A ZIP with one stored entry (APPNOTE 6.3): enough to be pulled and hashed, and it says what it is. */
function archiveOf(name: string, text: string): Buffer {
  const data = Buffer.from(text);
  const title = Buffer.from(name);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt32LE(crc32(data), 14);
  local.writeUInt32LE(data.length, 18);
  local.writeUInt32LE(data.length, 22);
  local.writeUInt16LE(title.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(20, 4);
  local.copy(central, 6, 4, 30);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + title.length, 12);
  end.writeUInt32LE(30 + title.length + data.length, 16);
  return Buffer.concat([local, title, data, central, title, end]);
}

const packageText = (device: Device, each: PackageData): string =>
  `${device.world.synthetic}: stands for ${each.name} ${each.versionName} (${each.versionCode}) of ${device.persona.product.model}\n`;

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
    const archive = (): Buffer => archiveOf('synthetic-demonstration.txt', packageText(device, each));
    const modifiedAt = Math.floor(Date.parse(`${each.lastUpdate.replace(' ', 'T')}+08:00`) / 1000);
    device.files.put(each.path, archive, { modifiedAt: Number.isFinite(modifiedAt) ? modifiedAt : bootedAt });
  }
}
