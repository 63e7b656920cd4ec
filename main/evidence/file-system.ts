import fs from 'node:fs';

export interface CaseWarning {
  readonly code: 'file-system-network' | 'file-system-fat';
  readonly name: string;
}

/** f_type of statfs(2) (linux/magic.h) for file systems whose locks or modes a case cannot rely on. */
const doubtful: ReadonlyMap<number, CaseWarning> = new Map(
  (
    [
      [0x6969, 'file-system-network', 'nfs'],
      [0x517b, 'file-system-network', 'smb'],
      [0xfe534d42, 'file-system-network', 'smb2'],
      [0xff534d42, 'file-system-network', 'cifs'],
      [0x01021997, 'file-system-network', '9p'],
      [0x5346414f, 'file-system-network', 'afs'],
      [0x00c36400, 'file-system-network', 'ceph'],
      [0x73757245, 'file-system-network', 'coda'],
      [0x65735546, 'file-system-network', 'fuse'],
      [0x4d44, 'file-system-fat', 'fat'],
      [0x2011bab0, 'file-system-fat', 'exfat'],
    ] as const
  ).map(([type, code, name]) => [type, { code, name }]),
);

/** Judges a statfs type number; FUSE counts as network because sshfs and cloud drives hide behind it. */
export function judgeFileSystem(type: number): CaseWarning | null {
  return doubtful.get(type >>> 0) ?? null;
}

/** Warnings about where a case lies. Only Linux tells the kind of file system by number. */
export function fileSystemWarnings(directory: string): readonly CaseWarning[] {
  if (process.platform !== 'linux') return [];
  try {
    const warning = judgeFileSystem(fs.statfsSync(directory).type);
    return warning === null ? [] : [warning];
  } catch {
    // A directory that cannot be asked is judged by the operation that needs it.
    return [];
  }
}
