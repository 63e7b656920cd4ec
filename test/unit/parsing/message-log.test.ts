import { describe, expect, it } from 'vitest';
import { parseExhibit } from '../../../main/parsing/parse-exhibit.ts';

const command = 'content query --uri content://sms --projection _id:address:date:type:protocol:service_center';
const context = {
  collectedAt: '2014-08-07T04:00:00.000000Z',
  handsetClock: { offsetMs: 37_500, boundMs: 20, zone: 'Asia/Taipei' },
  release: '4.3',
};
const parse = (text: string) => parseExhibit({ collector: 'message-log', command, bytes: Buffer.from(text), context });

describe('the list of text messages', () => {
  it('gives who, when and through which centre; persons in part, services whole', () => {
    const { records, unparsedCount } = parse(
      [
        'Row: 0 _id=9, address=+8613800138000, date=1407376801000, type=2, protocol=NULL, service_center=NULL',
        'Row: 1 _id=8, address=55123, date=1407376805250, type=1, protocol=0, service_center=+886931000099',
        'Row: 2 _id=7, address=Operator, date=0, type=17, protocol=0, service_center=NULL',
        '',
      ].join('\r\n'),
    );
    expect(unparsedCount).toBe(0);
    expect(records).toMatchObject([
      {
        kind: 'fact',
        topic: 'message',
        name: 'sent',
        value: '+861••••••••00',
        atHandset: '2014-08-07T10:00:01.000000+08:00',
      },
      {
        name: 'received',
        value: '55123 service_center=+886931000099 protocol=0',
        atHandset: '2014-08-07T10:00:05.250000+08:00',
      },
      { name: 'type 17', value: 'Operator protocol=0', atHandset: null },
    ]);
  });

  it('is empty, refused or hostile without inventing a message', () => {
    expect(parse('No result found.\n').records).toEqual([]);
    const refused = 'Error while accessing provider:sms\njava.lang.SecurityException: Permission Denial\n';
    expect(parse(refused)).toMatchObject({ records: [], unparsable: true });
    const forged =
      'Row: 0 _id=1, address=1, type=2, date=5, date=1407376801000, type=1, protocol=0, service_center=x\n';
    expect(parse(forged).records).toHaveLength(1);
  });
});
