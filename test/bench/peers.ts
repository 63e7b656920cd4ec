import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './measure.ts';
import { findProgram } from './measure.ts';

export interface Peer {
  readonly name: string;
  readonly program: string;
  /** Exit codes that are no failure: rg and grep say 1 for «nothing found». */
  readonly fine: readonly number[];
  readonly args: (paths: PeerPaths) => readonly string[];
}

export interface PeerPaths {
  readonly capture: string;
  /** Identifiers, one a line, as a person would look for them. */
  readonly words: string;
  /** A folder that may be filled with rubbish. */
  readonly scratch: string;
}

const fields = [
  'frame.number',
  'frame.time_epoch',
  'frame.len',
  'ip.src',
  'ip.dst',
  'tcp.stream',
  'udp.stream',
  'http.request.method',
  'http.host',
  'http.request.uri',
  'http.response.code',
  'dns.qry.name',
  'tls.handshake.extensions_server_name',
];

export const tsharkFields = 'tshark -T fields (13)';
export const sha256sum = 'sha256sum';
export const ndpiReader = 'ndpiReader -q';

export const peers: readonly Peer[] = [
  { name: 'cat', program: 'cat', fine: [0], args: ({ capture }) => [capture] },
  { name: sha256sum, program: 'sha256sum', fine: [0], args: ({ capture }) => [capture] },
  { name: 'openssl dgst -sha256', program: 'openssl', fine: [0], args: ({ capture }) => ['dgst', '-sha256', capture] },
  { name: ndpiReader, program: 'ndpiReader', fine: [0], args: ({ capture }) => ['-i', capture, '-q'] },
  {
    name: 'tcpflow -q',
    program: 'tcpflow',
    fine: [0],
    args: ({ capture, scratch }) => ['-q', '-r', capture, '-o', join(scratch, 'tcpflow')],
  },
  {
    name: 'rg -F -f (raw file)',
    program: 'rg',
    fine: [0, 1],
    args: ({ capture, words }) => ['-a', '-c', '-F', '-f', words, capture],
  },
  {
    name: 'tshark -q -z conv,tcp',
    program: 'tshark',
    fine: [0],
    args: ({ capture }) => ['-n', '-r', capture, '-q', '-z', 'conv,tcp'],
  },
  {
    name: tsharkFields,
    program: 'tshark',
    fine: [0],
    args: ({ capture }) => ['-n', '-r', capture, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])],
  },
];

/** The command of a peer, or null when the machine does not have it. */
export function commandOf(peer: Peer, paths: PeerPaths): Command | null {
  const file = findProgram(peer.program);
  return file === null ? null : { file, args: peer.args(paths), keepOutput: false };
}

/** How many processes wanted to run, on average over the last minute: what a wall time has to be read with. */
export function loadAverage(): string {
  try {
    return readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ');
  } catch {
    return 'unknown';
  }
}
