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

/** Display filter of a whole conversation; of protocols that Wireshark does not number, that of its two addresses. */
export function conversationFilter(flow: Pick<Flow, 'transport' | 'streamIndex' | 'client' | 'server'>): string {
  if (flow.transport === 'tcp' || flow.transport === 'udp') return `${flow.transport}.stream==${flow.streamIndex}`;
  const field = flow.client.address.includes(':') ? 'ipv6.addr' : 'ip.addr';
  return `${field}==${flow.client.address} && ${field}==${flow.server.address}`;
}
