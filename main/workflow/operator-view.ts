import { setImmediate } from 'node:timers/promises';
import type { OperatorHidden, OperatorView } from '../../shared/contract/operator.ts';
import type { Channel, Message } from '../../shared/model/traffic.ts';
import { OperatorLedger } from '../analysis/visibility/operator-ledger.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';

export interface OperatorWish {
  readonly label: string | null;
  readonly run: string | null;
  readonly flow: number | null;
}

const pageRows = 2000;
const shownHidden = 500;

/** Kinds of messages that tell something to who reads the wire. */
const telling: readonly Message['kind'][] = [
  'dns-query',
  'http-request',
  'tls-client-hello',
  'quic-client-hello',
  'tls-certificate',
  'sip-request',
  'sip-response',
  'ssdp',
  'dhcp',
  'mqtt-connect',
  'login',
];
const hiding: ReadonlySet<Channel> = new Set(['tls', 'dtls', 'quic']);

/** What anybody on the path could read, and what was hidden from them. Reads page by page: others are answered between. */
export async function operatorView(index: IndexReader, wish: OperatorWish): Promise<OperatorView> {
  const ledger = new OperatorLedger();
  const filter = {
    ...(wish.label === null ? {} : { label: wish.label }),
    ...(wish.run === null ? {} : { run: wish.run }),
    ...(wish.flow === null ? {} : { flow: wish.flow }),
  };
  for (const kind of telling) {
    for (let after: number | undefined; ;) {
      const messages = index.messages({ ...filter, kind }, { after, limit: pageRows });
      for (const message of messages) ledger.message(message);
      after = messages.at(-1)?.id;
      if (messages.length < pageRows) break;
      await setImmediate();
    }
  }
  for (const finding of index.findings(filter)) ledger.finding(finding);
  const hidden = await hiddenOf(index, filter);
  return {
    rows: ledger.rows(),
    hidden: hidden.slice(0, shownHidden),
    hiddenTotal: { recipients: hidden.length, flows: hidden.reduce((sum, one) => sum + one.flows, 0) },
    left: ledger.left(),
  };
}

type Filter = { readonly label?: string; readonly run?: string; readonly flow?: number };

async function hiddenOf(index: IndexReader, filter: Filter): Promise<OperatorHidden[]> {
  const sums = new Map<string, OperatorHidden>();
  const add = (one: OperatorHidden): void => {
    const key = `${one.channel} ${one.recipient}`;
    const known = sums.get(key);
    sums.set(key, {
      ...one,
      flows: one.flows + (known?.flows ?? 0),
      bytesToServer: one.bytesToServer + (known?.bytesToServer ?? 0),
      bytesToClient: one.bytesToClient + (known?.bytesToClient ?? 0),
    });
  };
  if (filter.run === undefined && filter.flow === undefined) {
    for (const row of index.trafficByRecipient(filter)) if (hiding.has(row.channel)) add(plain(row));
  } else {
    for (const channel of hiding) {
      for (let after: number | undefined; ;) {
        const flows = index.flows({ ...filter, channel }, { after, limit: pageRows });
        for (const flow of flows) {
          const recipient = flow.serverNames[0] ?? flow.server.address;
          const { toServer, toClient } = flow.payloadBytes;
          add({ recipient, channel, flows: 1, bytesToServer: toServer, bytesToClient: toClient });
        }
        after = flows.at(-1)?.id;
        if (flows.length < pageRows) break;
        await setImmediate();
      }
    }
  }
  return [...sums.values()].sort((a, b) => b.bytesToServer - a.bytesToServer || (a.recipient < b.recipient ? -1 : 1));
}

function plain({ recipient, channel, flows, bytesToServer, bytesToClient }: OperatorHidden): OperatorHidden {
  return { recipient, channel, flows, bytesToServer, bytesToClient };
}
