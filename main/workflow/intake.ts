import type { Intake } from '../../shared/model/intake.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';
import type { NewIntake } from '../evidence/case-types.ts';
import { readCase, writeCase } from './case-session.ts';
import { checkedText } from './checked-text.ts';
import type { Conduct } from './conduct.ts';
import { instantOf } from './instants.ts';

/** Every intake of a case, in the order of recording; the latest of a handset counts. */
export function listIntakes(directory: string): Result<readonly Intake[]> {
  return readCase(directory, (reader) => ok(reader.intakes()));
}

/**
 * Records how a handset came in, before it is plugged in. Problems: `value-invalid`, `instant-invalid`, `handset-unknown`,
 * `exhibit-unknown` (a photograph that the case does not hold).
 */
export function recordIntake(directory: string, wish: NewIntake, conduct: Conduct): Result<Intake> {
  const texts = checkedText({
    'exhibit-number': wish.exhibitNumber,
    seal: wish.seal,
    'received-from': wish.receivedFrom,
    authority: wish.authority,
    note: wish.note,
    as: conduct.actor,
  });
  if (!texts.ok) return texts;
  const { battery } = wish.state;
  if (battery !== null && !(Number.isInteger(battery) && battery >= 0 && battery <= 100))
    return fail('value-invalid', { what: 'battery', value: String(battery) }, '0 to 100');
  const receivedAt = instantOf(wish.receivedAt);
  if (receivedAt === null) return fail('instant-invalid', { value: wish.receivedAt });
  return writeCase(directory, 'recording an intake', conduct, (writer) => {
    for (const id of wish.photographs) {
      const exhibit = writer.exhibit(id);
      if (!exhibit.ok) return exhibit;
    }
    const once = { photographs: [...new Set(wish.photographs)], confirmed: [...new Set(wish.confirmed)] };
    return writer.addIntake({ ...wish, ...once, receivedAt });
  });
}

/** Signs an intake as the one who acts. Problems: `intake-unknown`, `intake-superseded`, `intake-signed`, `intake-own`. */
export function signIntake(directory: string, id: string, conduct: Conduct): Result<Intake> {
  const texts = checkedText({ as: conduct.actor });
  if (!texts.ok) return texts;
  return writeCase(directory, 'signing an intake', conduct, (writer) => writer.signIntake(id));
}
