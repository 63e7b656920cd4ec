import type { Answer, ChannelName, Checked } from '../../shared/contract/window.ts';
import type { Result } from '../../shared/model/problem.ts';
import type { Session } from './session.ts';

/** A handler gets input that its schema has accepted. */
export type Handler<Name extends ChannelName> = (
  session: Session,
  input: Checked<Name>,
) => Promise<Result<Answer<Name>>>;
export type Handlers<Names extends ChannelName> = { readonly [Name in Names]: Handler<Name> };
