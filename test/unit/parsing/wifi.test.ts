import { describe, expect, it } from 'vitest';
import { parseExhibit } from '../../../main/parsing/parse-exhibit.ts';

const context = { collectedAt: '2026-01-01T00:00:00.000000Z', handsetClock: null };
const parse = (text: string) =>
  parseExhibit({ collector: 'wifi', command: 'dumpsys wifi', bytes: Buffer.from(text), context });
const identifiers = (text: string) =>
  parse(text).records.flatMap((one) => (one.kind === 'identifier' ? [[one.identifierKind, one.value]] : []));
/** WifiInfo.toString of Android 8 and of 11. */
const line = (name: string, station: string): string =>
  `Wi-Fi is enabled\nmWifiInfo SSID: ${name}, BSSID: ${station}, MAC: 02:00:00:44:55:66, Supplicant state: COMPLETED, RSSI: -50, Link speed: 58Mbps, Frequency: 2447MHz, Net ID: 0, Metered hint: false, score: 60\n`;

describe('the state of Wi-Fi', () => {
  it('names the network that the handset is in, with or without quotes, and not the handset’s address in it', () => {
    expect(parse(line('AndroidWifi', '02:00:00:00:01:00'))).toMatchObject({
      unparsedCount: 0,
      records: [
        { kind: 'fact', topic: 'network', name: 'Wi-Fi', value: 'enabled' },
        { kind: 'identifier', identifierKind: 'ssid', value: 'AndroidWifi' },
        { kind: 'identifier', identifierKind: 'bssid', value: '02:00:00:00:01:00' },
      ],
    });
    expect(identifiers(line('"家 Wi-Fi, 5 GHz"', '0A:00:00:00:01:0B'))).toEqual([
      ['ssid', '家 Wi-Fi, 5 GHz'],
      ['bssid', '0a:00:00:00:01:0b'],
    ]);
  });

  it('takes no part of a name for the station', () => {
    const name = '"x, BSSID: 66:66:66:66:66:66, MAC: <b>"';
    expect(identifiers(line(name, '02:00:00:00:01:00'))).toEqual([
      ['ssid', name.slice(1, -1)],
      ['bssid', '02:00:00:00:01:00'],
    ]);
  });

  it.each(['<unknown ssid>', '<none>', '0x', '""'])('%s is no name', (name) => {
    expect(identifiers(line(name, '<none>'))).toEqual([]);
    // What stands where the asker may not know it.
    expect(identifiers(line(name, '02:00:00:00:00:00'))).toEqual([]);
  });

  it('is off without an identifier; another output lacks its part, and says so', () => {
    expect(parse('Wi-Fi is disabled\nStay-awake conditions: 7\n')).toMatchObject({
      records: [{ value: 'disabled' }],
      unparsedCount: 0,
    });
    expect(parse('something else\n')).toMatchObject({ records: [], unparsed: [{ reason: 'no-section:Wi-Fi is' }] });
  });
});
