import { eachDumpLine } from '../dump-lines.ts';
import { looksLike } from '../identifier-shapes.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

/**
 * WifiInfo.toString of every release: a name may hold commas, and whoever sets up a station chooses it, so the last `BSSID` in the
 * line counts. What stands behind it is the system's own.
 */
const network = /^mWifiInfo SSID: (.*), BSSID: ([^ ,]{1,40}), MAC: /;
/** What stands for no name: WifiManager.UNKNOWN_SSID, WifiSsid.NONE, and the empty one of old releases. */
const noName: ReadonlySet<string> = new Set(['<unknown ssid>', '<none>', '0x', '0x0', 'null', '']);

/**
 * `dumpsys wifi`: whether Wi-Fi is on, and of each network that the handset is in, name and station as identifiers. The handset's own
 * address in that line is not taken: since Android 10 it is another one in each network.
 */
export function parseWifi({ text }: FormatInput, sink: ParseSink): void {
  let told = false;
  eachDumpLine(text, sink, ({ text: said }) => {
    const state = /^Wi-Fi is ([a-z ]{1,40})$/.exec(said)?.[1];
    const found = network.exec(said);
    if (state === undefined && found === null) return;
    told = true;
    if (state !== undefined)
      sink.add({ kind: 'fact', topic: 'network', package: null, name: 'Wi-Fi', value: state, atHandset: null });
    if (found !== null) addNetwork(found[1] ?? '', found[2] ?? '', sink);
  });
  if (!told) noSection(sink, text, 'Wi-Fi is');
}

function addNetwork(name: string, station: string, sink: ParseSink): void {
  const method = 'dumpsys wifi, the network that it is in';
  // Quoted since Android 11, where the quotes tell a name from hexadecimal.
  const plain = /^"(.*)"$/s.exec(name)?.[1] ?? name;
  if (!noName.has(name) && plain !== '')
    sink.add({ kind: 'identifier', identifierKind: 'ssid', value: sink.value(plain), method });
  const address = station.toLowerCase();
  if (looksLike('bssid', address)) sink.add({ kind: 'identifier', identifierKind: 'bssid', value: address, method });
}
