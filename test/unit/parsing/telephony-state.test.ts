import { describe, expect, it } from 'vitest';
import type { ParseResult } from '../../../main/parsing/parse-result.ts';
import { ofKind, parseText } from './fixture.ts';

const command = 'dumpsys telephony.registry';
const facts = (result: ParseResult): string[] => ofKind(result, 'fact').map(({ name, value }) => `${name}: ${value}`);
const state = (lines: string): ParseResult => parseText(`last known state:\n  Phone Id=0\n${lines}\n`, command);

// Laid out as TelephonyRegistry.dump, ServiceState.toString and CellIdentity*.toString do; the values are made up.
describe('the mobile network as the handset last knew it', () => {
  it('reads service, operator, network, roaming, technology and cell of 12 and later', () => {
    const text =
      '    mServiceState={mVoiceRegState=0(IN_SERVICE), mDataRegState=1(OUT_OF_SERVICE), duplexMode()=1, mOperatorAlphaLong=Two, words Mobile, mOperatorAlphaShort=Two, getRilDataRadioTechnology=14(LTE), mNetworkRegistrationInfos=[NetworkRegistrationInfo{ domain=PS roamingType=INTERNATIONAL cellIdentity=CellIdentityLte:{ mCi=27433217 mPci=214 mTac=10340 mEarfcn=1750 mMcc=466 mMnc=92 mAlphaLong=} rRplmn=46692}]}\r\n    mUserMobileDataState= true\r\n    mDataConnectionState=2\r\n    mCellIdentity=CellIdentityLte:{ mCi=1 mTac=2 mMcc=466 mMnc=01}';
    expect(facts(state(text))).toEqual([
      'phone 0/voice service: IN_SERVICE',
      'phone 0/data service: OUT_OF_SERVICE',
      'phone 0/operator: Two, words Mobile',
      'phone 0/network: 466-92',
      'phone 0/roaming: INTERNATIONAL',
      'phone 0/technology: LTE',
      'phone 0/cell technology: LTE',
      'phone 0/cell: 27433217',
      'phone 0/cell area: 10340',
      'phone 0/cell network: 466-92',
      'phone 0/mobile data switched on: true',
      'phone 0/data connection: CONNECTED',
    ]);
  });

  it('reads a cell of 5G, whose names stand apart from their values', () => {
    const nr =
      'CellIdentityNr:{ mPci = 9 mTac = 57674 mNrArfcn = 3960 mBands = [2] mMcc = 466 mMnc = 92 mNci = 14567084500 }';
    expect(facts(state(`    mCellIdentity=${nr}`))).toEqual([
      'phone 0/cell technology: NR',
      'phone 0/cell: 14567084500',
      'phone 0/cell area: 57674',
      'phone 0/cell network: 466-92',
    ]);
  });

  it('takes a masked or missing number for none', () => {
    for (const cell of ['mCi=7*****68 mPci=4 mTac=3**4', 'mCi=2147483647 mTac=2147483647', 'mCi=*** mTac=***'])
      expect(facts(state(`    mCellIdentity=CellIdentityLte:{ ${cell} mMcc=null mMnc=null}`))).toEqual([
        'phone 0/cell technology: LTE',
      ]);
    expect(facts(state('    mCellLocation=Bundle[{cid=-1, lac=-1, psc=-1}]\n    mCellIdentity=null'))).toEqual([]);
  });

  it('reads the words of 5 to 8 and of 4, each phone for itself, and neither log nor listeners', () => {
    const text =
      'last known state:\n  Phone Id=0\n  mServiceState=0 0 voice home data roaming My Net My Net 46692 My Net My Net 46692  LTE LTE CSS\n  mCellLocation=Bundle[{cid=271, lac=10340, psc=-1}]\n  Phone Id=1\n  mServiceState=3 1 voice home data home null null null null null null  Unknown\nlocal logs:\n  Phone Id=2\n  mServiceState=0 home A B 46601 HSPA\n';
    expect(facts(parseText(text, command))).toEqual([
      'phone 0/voice service: IN_SERVICE',
      'phone 0/data service: IN_SERVICE',
      'phone 0/roaming: NOT_ROAMING',
      'phone 0/network: 466-92',
      'phone 0/operator: My Net',
      'phone 0/cell: 271',
      'phone 0/cell area: 10340',
      'phone 1/voice service: POWER_OFF',
      'phone 1/data service: OUT_OF_SERVICE',
      'phone 1/roaming: NOT_ROAMING',
    ]);
    expect(facts(state('  mServiceState=0 home Long Name LN 71610 HSPA'))).toEqual([
      'phone 0/service: IN_SERVICE',
      'phone 0/roaming: NOT_ROAMING',
      'phone 0/network: 716-10',
      'phone 0/operator, long and short: Long Name LN',
    ]);
  });

  it('says what lacks its section, and bounds the number of phones', () => {
    expect(parseText('something else\n', command).unparsedCount).toBe(1);
    expect(parseText('last known state:\n', command)).toMatchObject({ records: [], unparsedCount: 0 });
    const many = Array.from({ length: 90 }, (_, i) => `  Phone Id=${i}\n    mDataConnectionState=0\n`).join('');
    const result = parseText(`last known state:\n${many}`, command);
    expect([facts(result).length, result.unparsedCount]).toEqual([16, 90 - 16]);
  });
});

describe('dpm list-owners', () => {
  const owners = (text: string): ParseResult => parseText(text, 'dpm list-owners');

  it('reads each owner with its user and kinds, of 12 and of later releases without a heading', () => {
    const twelve =
      '2 owners:\nUser  0: admin=a.b/.Admin,DeviceOwner,Affiliated\nUser 10: admin=c.d/c.d.Work,ProfileOwner,ManagedProfileOwner(parentUserId=0)\n';
    expect(facts(owners(twelve))).toEqual([
      'owner of user 0: a.b/.Admin: DeviceOwner, Affiliated',
      'owner of user 10: c.d/c.d.Work: ProfileOwner, ManagedProfileOwner(parentUserId=0)',
    ]);
    expect(ofKind(owners(twelve), 'fact').map((one) => [one.topic, one.package])).toEqual([
      ['policy', 'a.b'],
      ['policy', 'c.d'],
    ]);
    expect(facts(owners('User 0: admin=a.b/.Admin,DeviceOwner\n'))).toEqual([
      'owner of user 0: a.b/.Admin: DeviceOwner',
    ]);
  });

  it('takes «no owners» for none, and says what it cannot read', () => {
    expect(owners('no owners\r\n')).toMatchObject({ records: [], unparsedCount: 0, unparsable: false });
    expect(owners('1 owner:\nUser 0: admin=a b/.C,DeviceOwner\n').unparsed).toEqual([
      { line: 2, text: 'User 0: admin=a b/.C,DeviceOwner', reason: 'not-an-owner' },
    ]);
    expect(owners('something else\n').unparsedCount).toBe(1);
  });
});
