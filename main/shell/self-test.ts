import type { Application } from './application.ts';

export interface SelfTestAnswer {
  readonly ok: boolean;
  readonly version: string;
  readonly page: string | null;
  readonly sqlite: string | null;
  readonly problem: string | null;
}

/** Loads the page (unseen), asks the host to try its database, and says so: what a finished package is started with once. */
export async function selfTest(application: Application, version: string): Promise<SelfTestAnswer> {
  const { host, main } = application;
  try {
    await main.load();
    const answer = await host.ask('host.self-test', {}, null);
    const page = main.window.webContents.getURL();
    if (!answer.ok) {
      const problem = `${answer.problem.code} ${answer.problem.detail ?? ''}`.trim();
      return { ok: false, version, page, sqlite: null, problem };
    }
    return { ok: true, version, page, sqlite: answer.value.sqlite, problem: null };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ok: false, version, page: null, sqlite: null, problem };
  }
}
