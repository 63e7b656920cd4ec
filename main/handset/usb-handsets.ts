import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UsbHandset, UsbMaker } from '../../shared/model/handset.ts';

/** Entries of the bus looked at; a workstation has some twenty. */
const maxEntries = 1000;
/** A descriptor's string holds at most 126 characters (USB 2.0, 9.6.7); a device that says more says it to nobody. */
const maxText = 126;

/** Vendor ids of makers whose way to the setting is described (the public list of USB ids, linux-usb.org). */
const makers: Readonly<Record<string, UsbMaker>> = {
  '18d1': 'google',
  '04e8': 'samsung',
  '2717': 'xiaomi',
  '12d1': 'huawei',
  '339b': 'huawei',
  '22d9': 'oppo',
  '2a70': 'oppo',
  '2d95': 'vivo',
};

/**
 * Phones that the USB bus of a Linux workstation shows, whether adb sees them or not; null where the bus cannot be read (other
 * systems, a container). A phone is what offers the debug bridge (interface class ff/42/01, AOSP adb) or pictures and files
 * (PTP 06/01/01, Android's MTP is a vendor interface that calls itself «MTP»): a maker's id alone may be a printer.
 * @param bus `/sys/bus/usb/devices`
 */
export function usbHandsets(bus = '/sys/bus/usb/devices'): readonly UsbHandset[] | null {
  let entries: string[];
  try {
    entries = readdirSync(bus).slice(0, maxEntries).sort();
  } catch {
    return null;
  }
  return entries.flatMap((device) => {
    const ids = ['idVendor', 'idProduct'].map((name) => text(join(bus, device, name))?.toLowerCase() ?? '');
    const [vendorId = '', productId = ''] = ids;
    if (![vendorId, productId].every((id) => /^[0-9a-f]{4}$/.test(id))) return [];
    const interfaces = entries
      .filter((entry) => entry.startsWith(`${device}:`))
      .map((entry) => lookOf(join(bus, entry)));
    const debugging = interfaces.includes('debugging');
    if (!debugging && !interfaces.includes('files')) return [];
    return [
      {
        vendorId,
        productId,
        maker: makers[vendorId] ?? null,
        name: text(join(bus, device, 'product')),
        serial: text(join(bus, device, 'serial')),
        debugging,
      },
    ];
  });
}

function lookOf(folder: string): 'debugging' | 'files' | null {
  const [kind, sub, protocol] = ['bInterfaceClass', 'bInterfaceSubClass', 'bInterfaceProtocol'].map((name) =>
    text(join(folder, name))?.toLowerCase(),
  );
  if (kind === 'ff' && sub === '42' && protocol === '01') return 'debugging';
  return kind === '06' || text(join(folder, 'interface')) === 'MTP' ? 'files' : null;
}

function text(file: string): string | null {
  try {
    const said = readFileSync(file, 'utf8').trim().slice(0, maxText);
    return said === '' ? null : said;
  } catch {
    return null;
  }
}
