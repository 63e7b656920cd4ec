import { looksLike, tidyNumber } from '../identifier-shapes.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

const maxCards = 64;
/** `{id=1 iccId=…}` till 13, `[SubscriptionInfoInternal: id=1 iccId=…]` from 14 on; 5.1 has a comma behind the id. */
const card = /^\s*(?:\{|\[SubscriptionInfo(?:Internal)?: |SubscriptionInfoInternal\{)id=(\d{1,9}),? iccId=/;
const known = /SubscriptionController:|SubscriptionManagerService:|ActiveSubInfoList:|Active subscriptions:/;
const method = 'dumpsys isub';

/**
 * `dumpsys isub`: the SIM cards that the handset knows (frameworks, SubscriptionInfo.toString and SubscriptionInfoInternal.toString): for
 * each in a slot its carrier, network and whether it is embedded; its ICCID and number where the build prints them whole. User builds
 * since 7 print the first nine digits of an ICCID only: those are told as such and are no identifier.
 */
export function parseSubscriptions({ text }: FormatInput, sink: ParseSink): void {
  const seen = new Set<string>();
  text.split('\n').forEach((line, i) => {
    const id = card.exec(line)?.[1];
    // Lists of the active ones and of all hold the same lines; those without a slot are cards of the past.
    if (id === undefined || seen.has(id)) return;
    const slot = field(line, 'simSlotIndex');
    if (slot === null || !/^\d{1,2}$/.test(slot)) return;
    if (seen.size >= maxCards) return sink.skip(i + 1, line.slice(0, 160), 'too-many');
    seen.add(id);
    addCard(line, id, slot, sink);
  });
  if (!known.test(text)) noSection(sink, text, 'SubscriptionManagerService');
}

/** The ids by which the telephony service is asked about the cards that are in a slot, in the dump's order. */
export function subscriptionsInSlots(text: string): readonly number[] {
  const found = new Set<number>();
  for (const line of text.split('\n')) {
    const id = card.exec(line)?.[1];
    if (id !== undefined && /^\d{1,2}$/.test(field(line, 'simSlotIndex') ?? '')) found.add(Number(id));
    if (found.size >= maxCards) break;
  }
  return [...found];
}

function addCard(line: string, id: string, slot: string, sink: ParseSink): void {
  const told = (name: string, value: string | null): void => {
    if (value === null || value === '' || value === 'null') return;
    const fact = { topic: 'network', package: null, name: `SIM ${slot}/${name}`, value: sink.value(value) } as const;
    sink.add({ kind: 'fact', ...fact, atHandset: null });
  };
  // Answers of the telephony service name the subscription, not the slot.
  told('subscription', id);
  told('carrier', field(line, 'carrierName'));
  // 5.1 prints them as numbers without a sign between: zeros at the front of a network's code are lost there.
  const [, mcc, mnc] = / mcc[= ](\d{3}) mnc[= ](\d{1,3})(?=[ \]}])/.exec(line) ?? [];
  if (mcc !== undefined && mnc !== undefined) told('network', `${mcc}-${mnc}`);
  const embedded = field(line, 'isEmbedded');
  if (embedded !== null) told('embedded', /^(?:1|true)$/.test(embedded) ? 'true' : 'false');
  const iccid = field(line, 'iccId') ?? '';
  if (looksLike('iccid', iccid)) sink.add({ kind: 'identifier', identifierKind: 'iccid', value: iccid, method });
  else {
    const begin = /^(89\d{2,16})\[/.exec(iccid)?.[1];
    if (begin !== undefined) told('ICCID begins with', begin);
  }
  const number = tidyNumber(field(line, 'number') ?? '');
  if (looksLike('msisdn', number)) sink.add({ kind: 'identifier', identifierKind: 'msisdn', value: number, method });
}

/** A value may hold blanks: it ends where the next name begins, or the row. */
function field(line: string, name: string): string | null {
  const from = line.indexOf(` ${name}=`);
  if (from < 0) return null;
  const rest = line.slice(from + name.length + 2, from + name.length + 2 + 300);
  const end = rest.search(/ [A-Za-z]\w*=|[\]}]\s*$/);
  return (end < 0 ? rest : rest.slice(0, end)).trim();
}
