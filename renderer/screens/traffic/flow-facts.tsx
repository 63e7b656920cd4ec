import type { FlowDetail } from '../../../shared/contract/traffic.ts';
import type { Flow, InstantsOfFlow, Message } from '../../../shared/model/traffic.ts';
import { ChannelBadge } from '../../widgets/badge.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { WorkstationInstant } from '../../widgets/workstation-instant.tsx';
import { Facts } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { ExhibitLink } from '../references.tsx';
import { endpointText, protocolText } from './endpoint-text.ts';

/** Of bytes nobody recognised: how much of them is text and how even their values are; null for recognised traffic. */
function looksFact(flow: Flow, { say, number }: ReturnType<typeof useWords>) {
  const { printableShare, entropyBitsPerByte, sampledBytes } = flow;
  if (printableShare === undefined || sampledBytes === undefined) return null;
  const way = (side: 'toServer' | 'toClient'): string => {
    const share = printableShare[side];
    if (share === null) return '—';
    const bits = entropyBitsPerByte?.[side] ?? null;
    const figures = { share: number(Math.round(share * 1000) / 10), bytes: number(sampledBytes[side]) };
    return bits === null
      ? say('ui.flow.look', figures)
      : say('ui.flow.look-entropy', { ...figures, bits: number(bits) });
  };
  return {
    name: say('ui.flow.looks'),
    value: (
      <>
        {say('ui.flow.both-ways', { up: way('toServer'), down: way('toClient') })}
        <br />
        <span className="muted">{say('ui.flow.looks-hint')}</span>
      </>
    ),
  };
}

/** Names of the server by where they were said; the same name may come from several. */
function namesSaid(messages: readonly Message[]): {
  readonly sni: readonly string[];
  readonly host: readonly string[];
  readonly certificate: readonly string[];
} {
  const sni = new Set<string>();
  const host = new Set<string>();
  const certificate = new Set<string>();
  for (const message of messages) {
    if (message.kind === 'http-request' && message.host !== null) host.add(message.host);
    else if (message.kind === 'tls-certificate') for (const name of message.names) certificate.add(name);
    else if (
      (message.kind === 'tls-client-hello' || message.kind === 'quic-client-hello') &&
      message.serverName !== null
    )
      sni.add(message.serverName);
  }
  return { sni: [...sni], host: [...host], certificate: [...certificate] };
}

/** Why the channel is called so: what on the wire tells it. */
function channelReason(flow: Flow): 'handshake' | 'plain' | 'unknown' {
  if (flow.channel === 'unknown') return 'unknown';
  return flow.channel === 'cleartext' ? 'plain' : 'handshake';
}

/** The same two instants by the workstation; that there are none is said once. */
function workstationFacts(
  { firstPacketAtWorkstation: first, lastPacketAtWorkstation: last, atWorkstationBoundMs }: InstantsOfFlow,
  { say }: ReturnType<typeof useWords>,
) {
  if (first === undefined || last === undefined) return [];
  const value = (at: string | null) => <WorkstationInstant at={at} boundMs={atWorkstationBoundMs} />;
  if (first === null && last === null) return [{ name: say('ui.workstation.at'), value: value(null) }];
  return [
    { name: say('ui.workstation.first'), value: value(first) },
    { name: say('ui.workstation.last'), value: value(last) },
  ];
}

/** Who, what, when, how much, and where it lies. */
export function FlowFacts({ detail }: { readonly detail: FlowDetail }) {
  const words = useWords();
  const { say, bytes, number } = words;
  const { flow } = detail;
  const said = namesSaid(detail.messages);
  const endpoint = (end: { readonly address: string; readonly port: number }) => (
    <HostileText text={endpointText(end)} mono />
  );
  const names = (name: string, list: readonly string[]) =>
    list.length === 0 ? null : { name, value: <HostileText text={list.join(', ')} max={600} /> };
  return (
    <Facts
      facts={[
        { name: say('ui.flow.client'), value: endpoint(flow.client) },
        { name: say('ui.flow.server'), value: endpoint(flow.server) },
        { name: say('ui.flow.names'), value: <HostileText text={flow.serverNames.join(', ') || '—'} /> },
        names(say('ui.flow.names-sni'), said.sni),
        names(say('ui.flow.names-host'), said.host),
        names(say('ui.flow.names-certificate'), said.certificate),
        {
          name: say('ui.column.channel'),
          value: (
            <>
              <ChannelBadge channel={flow.channel} /> {flow.transport.toUpperCase()} ·{' '}
              <HostileText text={protocolText(flow.application, words)} max={60} />
              <br />
              <span className="muted">{say(`ui.flow.channel-reason.${channelReason(flow)}`)}</span>
            </>
          ),
        },
        { name: say('ui.flow.first'), value: <Instant at={flow.firstPacketAt} both /> },
        { name: say('ui.flow.last'), value: <Instant at={flow.lastPacketAt} both /> },
        ...workstationFacts(flow, words),
        {
          name: say('ui.flow.packets'),
          value: say('ui.flow.both-ways', { up: number(flow.packets.toServer), down: number(flow.packets.toClient) }),
        },
        {
          name: say('ui.flow.payload'),
          value: say('ui.flow.both-ways', {
            up: bytes(flow.payloadBytes.toServer),
            down: bytes(flow.payloadBytes.toClient),
          }),
        },
        looksFact(flow, words),
        {
          name: say('ui.column.exhibit'),
          value: (
            <>
              <ExhibitLink id={flow.exhibit} />{' '}
              {flow.transport === 'sctp' || flow.streamIndex < 0 ? null : (
                <code>
                  {flow.transport}.stream=={flow.streamIndex}
                </code>
              )}
            </>
          ),
        },
        {
          name: say('ui.flow.app'),
          value:
            detail.app === null ? (
              <span className="muted">{say('ui.flow.app-unknown')}</span>
            ) : (
              <HostileText text={detail.app} mono />
            ),
        },
      ]}
    />
  );
}
