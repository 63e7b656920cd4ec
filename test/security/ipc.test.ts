import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDispatcher, type Sender } from '../../main/ipc/dispatch.ts';
import { createSession } from '../../main/ipc/session.ts';
import { contract } from '../../shared/contract/window.ts';
import { ok } from '../../shared/model/problem.ts';
import { fakePorts, hostCase } from '../unit/ipc/fake-ports.ts';

const page: Sender = { url: 'app://handsight/index.html', isMainFrameOfWindow: true };
const directory = '/cases/secret place/2014-081.handsight';

function door() {
  const ports = fakePorts((method) => ok(method.startsWith('cases.') ? hostCase(directory) : []));
  const session = createSession(ports);
  return { ports, session, dispatch: createDispatcher(session), token: session.caseTokens.tokenOf(directory) };
}

describe('the door between page and main', () => {
  test.each<[string, Sender]>([
    ['a frame of another origin', { url: 'https://example.org/', isMainFrameOfWindow: true }],
    ['a look-alike origin', { url: 'app://handsight.example.org/', isMainFrameOfWindow: true }],
    ['another host of the scheme', { url: 'app://other/index.html', isMainFrameOfWindow: true }],
    ['a file', { url: 'file:///index.html', isMainFrameOfWindow: true }],
    ['an inner frame', { url: 'app://handsight/index.html', isMainFrameOfWindow: false }],
    ['a frame that is gone', { url: null, isMainFrameOfWindow: true }],
  ])('refuses %s', async (_name, sender) => {
    const { dispatch, ports } = door();
    expect(await dispatch(sender, 'handsets.live', {})).toMatchObject({ ok: false, problem: { detail: 'sender' } });
    expect(ports.asked).toEqual([]);
  });

  test.each([
    ['nonsense'],
    ['__proto__'],
    ['constructor'],
    ['toString'],
    ['host.stop'],
    ['cases.create'],
    [''],
    [7],
    [null],
    [{}],
  ])('refuses the channel %j', async (channel) => {
    const { dispatch, ports } = door();
    expect(await dispatch(page, channel, {})).toMatchObject({ ok: false, problem: { detail: 'channel' } });
    expect(ports.asked).toEqual([]);
  });

  test('refuses input that is too long, cyclic or no data at all', async () => {
    const { dispatch, ports, token } = door();
    const cyclic: Record<string, unknown> = { case: token };
    cyclic['self'] = cyclic;
    const inputs = [{ case: token, text: 'x'.repeat(100_000) }, cyclic, { case: token, text: 10n }, undefined, () => 1];
    for (const input of inputs) {
      expect(await dispatch(page, 'search.start', input)).toMatchObject({ ok: false, problem: { detail: 'size' } });
    }
    expect(ports.asked).toEqual([]);
  });

  test('a path is never taken from the page', async () => {
    const { dispatch, ports, token } = door();
    for (const input of [
      { case: directory },
      { case: token, directory: '/etc' },
      { directory },
      { case: '../../etc' },
      { case: 'f'.repeat(32) },
    ]) {
      expect((await dispatch(page, 'traffic.totals', input)).ok).toBe(false);
    }
    for (const files of [['/etc/passwd'], ['f'.repeat(32)], ['file:///etc/passwd']]) {
      const input = { case: token, files, handset: null, label: null, run: null };
      expect((await dispatch(page, 'imports.start', input)).ok).toBe(false);
    }
    expect(
      (
        await dispatch(page, 'report.export', {
          case: token,
          edition: 'full',
          format: 'pdf',
          language: 'en',
          path: '/tmp/x',
        })
      ).ok,
    ).toBe(false);
    expect(ports.asked).toEqual([]);
  });

  test('answers a good call with the folder in place of the token', async () => {
    const { dispatch, ports, token } = door();
    expect(await dispatch(page, 'traffic.totals', { case: token })).toEqual({ ok: true, value: [] });
    expect(ports.asked).toEqual([{ method: 'traffic.totals', input: { directory }, actor: null }]);
  });

  test('any channel with any input is answered, and the host only hears what fits the contract', async () => {
    const { dispatch, ports, token } = door();
    const channels = [...Object.keys(contract), '__proto__', 'hasOwnProperty', 'host.stop'];
    const fields = [
      'case',
      'text',
      'label',
      'after',
      'limit',
      'key',
      'verdict',
      'reason',
      'serial',
      'address',
      'path',
      'files',
      'task',
      'flow',
    ];
    const values = fc.oneof(
      fc.constant(token),
      fc.string({ maxLength: 40 }),
      fc.integer(),
      fc.constant(null),
      fc.boolean(),
      fc.array(fc.string({ maxLength: 34 }), { maxLength: 3 }),
      fc.constantFrom('../../x', '/etc/passwd', '127.0.0.1:5555', 'confirm', 'F0001'),
    );
    const inputs = fc.oneof(
      fc.anything({ withBigInt: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true }),
      fc.dictionary(fc.constantFrom(...fields), values),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constantFrom(...channels), fc.string()), inputs, async (channel, input) => {
        const before = ports.asked.length;
        const reply = await dispatch(page, channel, input);
        expect(typeof reply.ok).toBe('boolean');
        if (!reply.ok) expect(reply.problem.code).toMatch(/^[A-Za-z-_]+$/);
        for (const { input: heard } of ports.asked.slice(before)) {
          expect(JSON.stringify(heard)).not.toContain('/etc/passwd"');
          expect(Object.getPrototypeOf(heard)).toBe(Object.prototype);
        }
        const operation = Object.hasOwn(contract, channel) ? contract[channel as keyof typeof contract] : null;
        if (operation === null || !operation.input.safeParse(input).success) expect(ports.asked.length).toBe(before);
      }),
      { numRuns: 3000, seed: 20140810 },
    );
  });

  test('a bug behind the door comes back as a problem, not as a rejection', async () => {
    const ports = fakePorts(() => {
      throw new Error('boom');
    });
    const dispatch = createDispatcher(createSession(ports));
    expect(await dispatch(page, 'handsets.live', {})).toEqual({
      ok: false,
      problem: { code: 'internal', params: {}, detail: 'boom' },
    });
  });
});
