import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

export interface WhereToLook {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly isProgram: (path: string) => boolean;
}

const here: WhereToLook = { env: process.env, platform: process.platform, isProgram: isProgramHere };

/**
 * Wireshark's program, or null: the PATH (absolute entries only: a program in the current folder is not trusted), then
 * where its installers put it (wireshark.org: Windows, macOS; distributions and Homebrew are on the PATH).
 */
export function findWireshark(where: WhereToLook = here): string | null {
  return candidates(where).find((path) => where.isProgram(path)) ?? null;
}

function candidates({ env, platform }: WhereToLook): string[] {
  const name = platform === 'win32' ? 'Wireshark.exe' : 'wireshark';
  const onPath = (env['PATH'] ?? env['Path'] ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name));
  return [...onPath, ...installed(env, platform)];
}

function installed(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  if (platform === 'win32') {
    const bases = [env['ProgramW6432'], env['ProgramFiles'], env['ProgramFiles(x86)']];
    return bases.flatMap((base) => (base === undefined || base === '' ? [] : [`${base}\\Wireshark\\Wireshark.exe`]));
  }
  if (platform === 'darwin') {
    const inside = 'Applications/Wireshark.app/Contents/MacOS/Wireshark';
    const home = env['HOME'];
    return [`/${inside}`, ...(home === undefined || home === '' ? [] : [`${home}/${inside}`])];
  }
  return ['/usr/bin/wireshark', '/usr/local/bin/wireshark', '/snap/bin/wireshark'];
}

function isProgramHere(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    accessSync(path, process.platform === 'win32' ? constants.F_OK : constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
