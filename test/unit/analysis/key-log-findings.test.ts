import { describe, expect, it } from 'vitest';
import { captureWithSecrets, EXCHANGES } from '../dissection/keylog/tls-exchanges.ts';
import { findingsIn } from './findings-of-capture.ts';

describe('what a key log opened', () => {
  it.each(EXCHANGES.map((one) => [one.name, one] as const))(
    '%s: is found once, and said to be known so',
    (name, one) => {
      const decodings = name.includes('chunked') ? ['tls-keylog', 'chunked'] : ['tls-keylog'];
      expect(findingsIn(captureWithSecrets(one))).toMatchObject([
        {
          rule: 'identifier-transmitted',
          identifier: { kind: 'imei' },
          representation: 'plain',
          channel: 'tls',
          contentKnownBy: 'keylog',
          decodings,
          field: 'imei',
          direction: 'to-server',
          destination: { names: ['twin.example'] },
        },
      ]);
    },
  );
});
