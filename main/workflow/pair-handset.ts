import { asAnnounced, changeNote } from '../../shared/model/handset-change.ts';
import type { Problem, ProblemCode, Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { parseHandsetAddress } from '../handset/directory.ts';
import { writeCaseWhile } from './case-session.ts';
import type { Conduct } from './conduct.ts';
import type { Handsets } from './handset-session.ts';
import { need } from './store-failure.ts';

/** What custody names a pairing by: it belongs to no acquisition, and which handset answers is not known yet. */
const subject = 'pairing';

/** Nothing was sent to the handset, or it said no: it keeps no key. Any other failure leaves open what it keeps. */
const notMade: ReadonlySet<ProblemCode> = new Set(['pairing-refused', 'pairing-unsupported']);

/**
 * Wireless pairing (Android 11 and newer). The handset keeps this workstation's key for good: a change that we cannot take
 * back. With a case it is in custody, with the key's fingerprint, before anything is sent, and again with what became of it;
 * where custody cannot be written nothing is sent. The six digits are written nowhere.
 * @param directory the case that records it; null: none does, and whoever asks is told so
 * Problems: those of HandsetDirectory.pair; `case-locked`, `disk-full` and the like of the case.
 */
export async function pairHandset(
  handsets: Pick<Handsets, 'pair' | 'keyFingerprint'>,
  wish: { readonly address: string; readonly code: string },
  directory: string | null,
  conduct: Pick<Conduct, 'actor'>,
): Promise<Result<{ readonly said: string }>> {
  const address = parseHandsetAddress(wish.address);
  if (!address.ok) return address;
  if (!/^\d{6}$/.test(wish.code)) return fail('value-invalid', { what: 'code', value: '' }, 'expected six digits');
  if (directory === null) return handsets.pair(address.value, wish.code);
  return writeCaseWhile(directory, 'pairing', conduct, async (writer) => {
    const change = { command: `adb pair ${address.value}`, reason: 'pairing', undo: 'none' } as const;
    need(writer.note('handset-change-begun', changeNote(subject, { ...change, why: null })));
    const fingerprint = handsets.keyFingerprint();
    if (fingerprint !== null) need(writer.note('adb-key-used', `${subject}: SHA-256 ${fingerprint}`));
    const paired = await handsets.pair(address.value, wish.code);
    const { action, why } = endOf(paired.ok ? null : paired.problem);
    need(writer.note(action, changeNote(subject, { ...change, why })));
    return paired.ok ? ok(paired.value) : paired;
  });
}

function endOf(problem: Problem | null): { readonly action: string; readonly why: string | null } {
  if (problem === null) return { action: 'handset-change-stays', why: asAnnounced };
  if (notMade.has(problem.code)) return { action: 'handset-change-not-made', why: problem.code };
  return { action: 'handset-change-unclear', why: problem.code };
}
