import type { FlowDetail } from '../../../shared/contract/traffic.ts';
import type { Flow, Message } from '../../../shared/model/traffic.ts';
import type { QueryState } from '../../bridge/use-query.ts';
import { useNavigation } from '../../navigation.tsx';
import { ChannelBadge } from '../../widgets/badge.tsx';
import { Button, LinkButton } from '../../widgets/button.tsx';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { Facts, Panel } from '../../widgets/page.tsx';
import { useWords } from '../../words/words.tsx';
import { ExhibitLink } from '../references.tsx';
import { endpointText, protocolText } from './endpoint-text.ts';
import { messageText } from './message-text.ts';

function MessageLine({ message }: { readonly message: Message }) {
  const { say } = useWords();
  return (
    <li className={`message message-${message.kind}`}>
      <p className="message-head">
        <strong>{say(`ui.message-kind.${message.kind}`)}</strong>
        <span className="muted">
          <Instant at={message.at} /> · {say('ui.frame', { frame: message.frame })}
        </span>
      </p>
      <p className="message-text mono">
        {/* Certificates of big hosts have hundreds of names, and the chain stands behind them. */}
        <HostileText text={messageText(message, say)} max={message.kind === 'tls-certificate' ? 6000 : 1500} />
      </p>
    </li>
  );
}

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

function Loaded({ detail }: { readonly detail: FlowDetail }) {
  const words = useWords();
  const { say, sayIfKnown, bytes, number } = words;
  const { go } = useNavigation();
  const { flow } = detail;
  const endpoint = (end: { readonly address: string; readonly port: number }) => (
    <HostileText text={endpointText(end)} mono />
  );
  return (
    <>
      {detail.findings.length === 0 ? null : (
        <Notice tone="bad" title={say('ui.flow.findings', { count: detail.findings.length })}>
          <ul className="bullets">
            {detail.findings.map((finding) => (
              <li key={finding.key}>
                <LinkButton onPress={() => go({ screen: 'findings', key: finding.key })}>{finding.number}</LinkButton>{' '}
                <HostileText text={finding.statement} max={300} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {flow.incomplete.length === 0 ? null : (
        <Notice tone="warning" title={say('ui.flow.incomplete')}>
          {flow.incomplete.map((code) => sayIfKnown(`ui.incomplete.${code}`, code)).join(' · ')}
        </Notice>
      )}
      <Facts
        facts={[
          { name: say('ui.flow.client'), value: endpoint(flow.client) },
          { name: say('ui.flow.server'), value: endpoint(flow.server) },
          { name: say('ui.flow.names'), value: <HostileText text={flow.serverNames.join(', ') || '—'} /> },
          {
            name: say('ui.column.channel'),
            value: (
              <>
                <ChannelBadge channel={flow.channel} /> {flow.transport.toUpperCase()} ·{' '}
                <HostileText text={protocolText(flow.application, words)} max={60} />
              </>
            ),
          },
          { name: say('ui.flow.first'), value: <Instant at={flow.firstPacketAt} both /> },
          { name: say('ui.flow.last'), value: <Instant at={flow.lastPacketAt} both /> },
          {
            name: say('ui.flow.packets'),
            value: say('ui.flow.both-ways', {
              up: number(flow.packets.toServer),
              down: number(flow.packets.toClient),
            }),
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
                <code>
                  {flow.transport}.stream=={flow.streamIndex}
                </code>
              </>
            ),
          },
          detail.app === null ? null : { name: say('ui.flow.app'), value: <HostileText text={detail.app} mono /> },
        ]}
      />
      <h3>{say('ui.flow.messages')}</h3>
      {detail.messages.length === 0 ? <p className="muted">{say('ui.flow.no-messages')}</p> : null}
      <ol className="messages">
        {detail.messages.map((message, index) => (
          <MessageLine key={index} message={message} />
        ))}
      </ol>
      {detail.truncated ? <p className="hint">{say('ui.flow.truncated', { count: detail.messages.length })}</p> : null}
    </>
  );
}

export interface FlowDetailPanelProps {
  readonly state: QueryState<FlowDetail>;
  readonly onClose: () => void;
}

export function FlowDetailPanel({ state, onClose }: FlowDetailPanelProps) {
  const { say } = useWords();
  return (
    <Panel
      title={say('ui.flow.title', { flow: state.value?.flow.id ?? 0 })}
      aside={
        <Button kind="quiet" onPress={onClose}>
          {say('ui.close')}
        </Button>
      }
    >
      {state.problem === null ? null : <ProblemNotice problem={state.problem} />}
      {state.value === null ? (
        state.loading ? (
          <p className="muted">{say('ui.loading')}</p>
        ) : null
      ) : (
        <Loaded detail={state.value} />
      )}
    </Panel>
  );
}
