import type { HandsetIdentity } from '../../shared/model/handset-identity.ts';
import { identityOf } from '../../shared/model/handset-identity.ts';
import type { HandsetLink } from './link-types.ts';

const limits = { timeoutMs: 10_000, maxBytes: 4096 };

/** Asks a handset four small things; what it does not tell is null. Changes nothing on it. */
export async function readHandsetIdentity(link: Pick<HandsetLink, 'run'>): Promise<HandsetIdentity> {
  const say = async (command: string): Promise<string | null> => {
    const said = await link.run(command, limits);
    // Shell v1 has no exit status; what is no value of its kind is dropped by its form.
    return said.ok && (said.value.exitCode ?? 0) === 0 ? said.value.stdout.toString('utf8') : null;
  };
  return identityOf({
    hardwareSerial: await say('getprop ro.serialno'),
    bootSerial: await say('getprop ro.boot.serialno'),
    androidId: await say('settings get secure android_id'),
    fingerprint: await say('getprop ro.build.fingerprint'),
  });
}
