import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';

export interface FoundAdb {
  readonly path: string;
  /** Where it was found: the setting, an Android SDK variable, or PATH. */
  readonly source: 'setting' | 'ANDROID_HOME' | 'ANDROID_SDK_ROOT' | 'PATH';
}

export interface FindAdbOptions {
  /** From the settings; when given, nothing else is tried. */
  readonly configuredPath?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
}

/**
 * Finds the adb program: setting, ANDROID_HOME, ANDROID_SDK_ROOT, PATH (absolute entries only: a program in the
 * current folder is not trusted). Problem NO_ADB: `hint` is the line to copy that installs it on this platform.
 */
export function findAdb(options: FindAdbOptions = {}): Result<FoundAdb> {
  const env = options.env ?? process.env;
  const platform = options.platform ?? process.platform;
  const name = platform === 'win32' ? 'adb.exe' : 'adb';
  if (options.configuredPath !== undefined && options.configuredPath !== '') {
    return isProgram(options.configuredPath, platform)
      ? ok({ path: options.configuredPath, source: 'setting' })
      : fail(
          'NO_ADB',
          { path: options.configuredPath, hint: installHint(platform) },
          'the configured path is no program',
        );
  }
  for (const source of ['ANDROID_HOME', 'ANDROID_SDK_ROOT'] as const) {
    const folder = env[source];
    if (folder === undefined || folder === '') continue;
    const path = join(folder, 'platform-tools', name);
    if (isProgram(path, platform)) return ok({ path, source });
  }
  for (const folder of (env['PATH'] ?? env['Path'] ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const path = join(folder, name);
    if (isProgram(path, platform)) return ok({ path, source: 'PATH' });
  }
  return fail('NO_ADB', { hint: installHint(platform) });
}

function isProgram(path: string, platform: NodeJS.Platform): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    accessSync(path, platform === 'win32' ? constants.F_OK : constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The command that installs adb, in the platform's own package system. */
export function installHint(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'brew install --cask android-platform-tools';
  if (platform === 'win32') return 'winget install Google.PlatformTools';
  return 'sudo apt-get install adb';
}
