import { describe, expect, it } from 'vitest';
import { describeFlow } from '../../../main/workflow/describe-flow.ts';
import type { Flow, Message } from '../../../shared/model/traffic.ts';

const at = '2026-06-01T10:00:00.000000Z';
const flow = {
  id: 3,
  exhibit: 'E1',
  transport: 'tcp',
  client: { address: '10.0.0.5', port: 40_000 },
  server: { address: '8.8.8.8', port: 443 },
  serverNames: ['shown.example'],
  application: 'tls',
  channel: 'tls',
  firstPacketAt: at,
} as unknown as Flow;
const place = { flow: 3, exhibit: 'E1', at, frame: 4 };
const hello = { ...place, kind: 'tls-client-hello', serverName: 'shown.example' } as unknown as Message;
const certificate = { ...place, kind: 'tls-certificate', names: ['another.example'] } as unknown as Message;

describe('who is at the other end of a conversation without findings', () => {
  const told = describeFlow(flow, [hello, certificate], []);
  it('is said with holder, country and the date of the data', () => {
    expect(told).toMatchObject({ address: '8.8.8.8', names: ['shown.example'], country: 'US', asn: 15_169 });
    expect(told.holder).toMatch(/google/i);
    for (const what of ['country-database', 'network-database'])
      expect(told.sources.find((one) => one.what === what)?.dataAt).toMatch(/^\d{4}-\d{2}-\d{2}/);
  });
  it('with what contradicts', () => {
    expect(told.sources.filter(({ what }) => what === 'contradiction').map(({ value }) => value)).toEqual([
      'certificate-differs',
    ]);
    expect(describeFlow(flow, [hello], []).sources.some(({ what }) => what === 'contradiction')).toBe(false);
  });
});

it('a finding in it has said so with the names that DNS gave', () => {
  const destination = { ...describeFlow(flow, [hello], []), names: ['asked.example'] };
  expect(describeFlow(flow, [hello], [{ destination: null }, { destination }])).toBe(destination);
});
