/** What is known of a file before it is read. */
export interface NamedFile {
  readonly name: string;
  readonly firstPacketAt: string | null;
}

/**
 * The name without what programs count and date in it: tcpdump -C adds a number at the end, -G a time that the person chose,
 * dumpcap `_00001_20140807100000`. Numbers of any length become one mark, and one that is missing counts as well.
 */
function stem(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.(gz|zst)$/, '')
    .replace(/\d+/g, '#')
    .replace(/\.(pcapng|pcap|cap|dmp)#?$/, '.$1');
}

/**
 * Whether files look like one recording that a program cut: two or more, names that differ only in numbers, and every first
 * packet at a time of its own. A proposal: only the person knows.
 */
export function looksLikeOneRecording(files: readonly NamedFile[]): boolean {
  const times = files.flatMap(({ firstPacketAt }) => (firstPacketAt === null ? [] : [firstPacketAt]));
  if (files.length < 2 || times.length < files.length || new Set(times).size < files.length) return false;
  return new Set(files.map(({ name }) => stem(name))).size === 1;
}
