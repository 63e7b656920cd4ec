import type { Flow } from '../../../shared/model/traffic.ts';

export interface WiresharkView {
  readonly frame: number | null;
  readonly filter: string;
}

/**
 * Wireshark's arguments (wireshark(1)): `-n` asks no name server, `-r` the file, `-g` the packet to go to, `-Y` the display
 * filter. One argument each: nothing of it is read by a shell.
 */
export function wiresharkArguments(file: string, { frame, filter }: WiresharkView): string[] {
  return ['-n', '-r', file, ...(frame === null ? [] : ['-g', String(frame)]), '-Y', filter];
}

/** The same as a line to be pasted. */
export function wiresharkCommands(file: string, view: WiresharkView): { posix: string; powershell: string } {
  const line = (quote: (text: string) => string): string =>
    wiresharkArguments(file, view)
      .map((one) => (/^[A-Za-z0-9_./:=-]+$/.test(one) ? one : quote(one)))
      .join(' ');
  return {
    posix: `wireshark ${line((text) => `'${text.replaceAll("'", `'\\''`)}'`)}`,
    powershell: `& "$env:ProgramFiles\\Wireshark\\Wireshark.exe" ${line((text) => `'${text.replaceAll("'", "''")}'`)}`,
  };
}

/**
 * Display filter of a whole conversation. Where Wireshark does not number it as we do (protocols without ports; one file of
 * a recording of several) or not at all that of its two ends.
 */
export function conversationFilter(
  flow: Pick<Flow, 'transport' | 'streamIndex' | 'client' | 'server' | 'capture'>,
): string {
  const { transport, client, server } = flow;
  const hasPorts = transport === 'tcp' || transport === 'udp';
  if (hasPorts && flow.capture === undefined && flow.streamIndex >= 0)
    return `${transport}.stream==${flow.streamIndex}`;
  const field = client.address.includes(':') ? 'ipv6.addr' : 'ip.addr';
  const ports =
    hasPorts || transport === 'sctp' ? [`${transport}.port==${client.port}`, `${transport}.port==${server.port}`] : [];
  return [`${field}==${client.address}`, `${field}==${server.address}`, ...ports].join(' && ');
}

/** The conversation of a finding, and its packets where Wireshark counts them to none. `packets` selects these. */
export function conversationAround(
  flow: Parameters<typeof conversationFilter>[0] & Pick<Flow, 'strayFrames'>,
  packets: string,
): string {
  const conversation = conversationFilter(flow);
  return flow.strayFrames === true ? `(${conversation}) || (${packets})` : conversation;
}
