import type { Handlers } from './handlers.ts';
import { taskForPage } from './session.ts';

export const taskHandlers: Handlers<'tasks.list'> = {
  'tasks.list': async (session) => {
    const answer = await session.ports.askHost('tasks.list', {}, null);
    if (!answer.ok) return answer;
    return { ok: true, value: answer.value.map((task) => taskForPage(session, task)) };
  },
};
