import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { usbHandsets } from '../../../main/handset/usb-handsets.ts';

const bus = mkdtempSync(join(tmpdir(), 'handsight-usb-'));
afterAll(() => rmSync(bus, { recursive: true, force: true }));

function device(name: string, files: Readonly<Record<string, string>>, interfaces: readonly string[][]): void {
  mkdirSync(join(bus, name));
  for (const [file, content] of Object.entries(files)) writeFileSync(join(bus, name, file), `${content}\n`);
  interfaces.forEach(([kind = '', sub = '', protocol = '', says = ''], at) => {
    const folder = join(bus, `${name}:1.${at}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'bInterfaceClass'), `${kind}\n`);
    writeFileSync(join(folder, 'bInterfaceSubClass'), `${sub}\n`);
    writeFileSync(join(folder, 'bInterfaceProtocol'), `${protocol}\n`);
    if (says !== '') writeFileSync(join(folder, 'interface'), `${says}\n`);
  });
}

describe('phones on the USB bus', () => {
  it('are told from printers, keyboards and hubs by what they offer, and debugging from files', () => {
    device('usb1', { idVendor: '1d6b', idProduct: '0002', product: 'root hub' }, [['09', '00', '00']]);
    device('1-1', { idVendor: '04e8', idProduct: '3301', product: 'Laser printer' }, [['07', '01', '02']]);
    device('1-2', { idVendor: '2717', idProduct: 'ff48', product: 'Mi 2S', serial: 'abc' }, [
      ['ff', 'ff', '00', 'MTP'],
      ['ff', '42', '01', 'ADB Interface'],
    ]);
    device('1-3', { idVendor: '18D1', idProduct: '4EE1', product: 'Pixel 8' }, [['ff', 'ff', '00', 'MTP']]);
    device('1-3.4', { idVendor: '22d9', idProduct: '2764' }, [['06', '01', '01']]);
    expect(usbHandsets(bus)).toEqual([
      { vendorId: '2717', productId: 'ff48', maker: 'xiaomi', name: 'Mi 2S', serial: 'abc', debugging: true },
      { vendorId: '18d1', productId: '4ee1', maker: 'google', name: 'Pixel 8', serial: null, debugging: false },
      { vendorId: '22d9', productId: '2764', maker: 'oppo', name: null, serial: null, debugging: false },
    ]);
  });

  it('cannot write a rule with what they call themselves: an id is four hexadecimal digits, a text is short', () => {
    device('2-1', { idVendor: '2717"; RUN+="x', idProduct: 'ff48' }, [['ff', '42', '01']]);
    device('2-2', { idVendor: 'beef', idProduct: '0001', product: 'x'.repeat(5000) }, [['ff', '42', '01']]);
    const added = usbHandsets(bus)?.slice(3);
    expect(added).toMatchObject([{ vendorId: 'beef', maker: null, debugging: true }]);
    expect(added?.[0]?.name).toHaveLength(126);
  });

  it('are unknown where there is no bus to read', () => {
    expect(usbHandsets(join(bus, 'none'))).toBeNull();
  });
});
