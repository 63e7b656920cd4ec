import { expect, test } from 'vitest';
import { reportHtml } from '../../../main/report/html.ts';
import type { Acquisition } from '../../../shared/model/acquisition.ts';
import { exhibit, reportInput } from './fixture.ts';

const row = (over: Partial<Acquisition>): Acquisition => ({
  id: 'A1',
  handset: 'H1',
  label: 'before',
  run: null,
  profile: 'standard',
  serial: 's',
  startedAt: '2014-08-07T10:00:00.000000Z',
  endedAt: '2014-08-07T10:01:00.000000Z',
  outcome: 'interrupted',
  detail: null,
  ...over,
});

test('which exhibits came from which part of an acquisition that was cut off and gone on with', () => {
  const input = {
    ...reportInput(),
    acquisitions: [row({}), row({ id: 'A2', continues: 'A1', collectors: ['clock', 'users'], outcome: 'complete' })],
    exhibits: [
      exhibit('E101', { acquisition: 'A1', collector: 'clock' }),
      exhibit('E102', { acquisition: 'A1', collector: 'packages' }),
      exhibit('E103', { acquisition: 'A1', collector: 'users' }),
      exhibit('E104', { acquisition: 'A2', collector: 'clock' }),
      exhibit('E105', { acquisition: 'A2', collector: 'users' }),
    ],
  };
  const english = reportHtml(input, { lang: 'en', fontFaces: '' });
  expect(english).toContain('Goes on with A1');
  // What was asked again stands as the second part read it.
  expect(english).toContain('From A1: E102<');
  expect(english).toContain('From A2: E104, E105<');
  expect(reportHtml(input, { lang: 'zh-Hant', fontFaces: '' })).toContain('出自 A1：E102<');
});
