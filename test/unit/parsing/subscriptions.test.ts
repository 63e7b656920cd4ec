import { describe, expect, it } from 'vitest';
import { acquisitionKnowledge } from '../../../main/parsing/acquisition-knowledge.ts';
import type { ParseResult } from '../../../main/parsing/parse-result.ts';
import { ofKind, parseText } from './fixture.ts';

const command = 'dumpsys isub';
const facts = (result: ParseResult): string[] => ofKind(result, 'fact').map(({ name, value }) => `${name}: ${value}`);
const identifiers = (result: ParseResult): string[] =>
  ofKind(result, 'identifier').map(({ identifierKind, value, method }) => `${identifierKind} ${value} (${method})`);

// Laid out as SubscriptionInfo.toString of 5.1, of 10, and SubscriptionInfoInternal.toString of 14 do; the values are made up.
const lollipop =
  'SubscriptionController:\n ActiveSubInfoList:\n  {id=1, iccId=8988692000000000008 simSlotIndex=0 displayName=My card carrierName=Chunghwa Telecom nameSource=0 iconTint=-1 number=+886912345678 dataRoaming=0 iconBitmap=x mcc 466 mnc 92}\n';
const ten =
  'SubscriptionController:\n AllSubInfoList:\n  {id=1 iccId=898869200[****] simSlotIndex=1 carrierId=1 displayName=A b carrierName=A b nameSource=0 iconTint=-1 number=[****] dataRoaming=1 iconBitmap=null mcc=466 mnc=92 countryIso=tw isEmbedded=true nativeAccessRules=null cardString=898869200[****] cardId=0}\n  {id=2 iccId=898869700[****] simSlotIndex=-1 carrierName=Old card mcc=466 mnc=97 isEmbedded=false}\n';
const row =
  '[SubscriptionInfoInternal: id=3 iccId=898869200[****] simSlotIndex=0 portIndex=0 isEmbedded=0 carrierName=Two words number= mcc=466 mnc=01 cardString=898869200[****]]';

describe('SIM cards by slot', () => {
  it('tells the ids of those that are in a slot, in every form', () => {
    const ids = (text: string) => acquisitionKnowledge.subscriptionsOf(Buffer.from(text));
    expect(ids(lollipop)).toEqual([1]);
    expect(ids(ten)).toEqual([1]);
    expect(ids(`Active subscriptions:\n  ${row}\n  ${row.replace('id=3', 'id=7')}\n`)).toEqual([3, 7]);
    expect(ids('SubscriptionController:\n ActiveSubInfoList:\n')).toEqual([]);
    expect(ids('something else\n')).toBeNull();
  });

  it('reads a card with its ICCID and number where a build prints them whole', () => {
    const result = parseText(lollipop, command);
    expect(identifiers(result)).toEqual([
      'iccid 8988692000000000008 (dumpsys isub)',
      'msisdn +886912345678 (dumpsys isub)',
    ]);
    expect(facts(result)).toEqual([
      'SIM 0/subscription: 1',
      'SIM 0/carrier: Chunghwa Telecom',
      'SIM 0/network: 466-92',
    ]);
  });

  it('takes a masked ICCID or number for none, says how it begins, and leaves out cards without a slot', () => {
    const result = parseText(ten, command);
    expect(identifiers(result)).toEqual([]);
    expect(facts(result)).toEqual([
      'SIM 1/subscription: 1',
      'SIM 1/carrier: A b',
      'SIM 1/network: 466-92',
      'SIM 1/embedded: true',
      'SIM 1/ICCID begins with: 898869200',
    ]);
  });

  it('reads the form of 14 once, though two lists have it', () => {
    const result = parseText(
      `SubscriptionManagerService:\nActive subscriptions:\n  ${row}\nAll subscriptions:\n  ${row}\n`,
      command,
    );
    expect(facts(result)).toEqual([
      'SIM 0/subscription: 3',
      'SIM 0/carrier: Two words',
      'SIM 0/network: 466-01',
      'SIM 0/embedded: false',
      'SIM 0/ICCID begins with: 898869200',
    ]);
  });

  it('a handset without a card has nothing to tell; other words are a missing section', () => {
    expect(
      parseText('SubscriptionController:\n ActiveSubInfoList:\n AllSubInfoList: is null\n', command),
    ).toMatchObject({
      records: [],
      unparsedCount: 0,
    });
    expect(parseText('something else\n', command).unparsedCount).toBe(1);
  });

  it('a handset that repeats cards without end is bounded, and what is left out is told', () => {
    const many = Array.from({ length: 200 }, (_, i) => `  ${row.replace('id=3', `id=${i}`)}`).join('\n');
    const result = parseText(`Active subscriptions:\n${many}\n`, command);
    expect(facts(result)).toHaveLength(64 * 5);
    expect(result.unparsedCount).toBe(200 - 64);
  });
});
