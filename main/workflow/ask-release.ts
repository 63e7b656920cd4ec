import type { Result } from '../../shared/model/problem.ts';
import type { HandsetFacts } from '../acquisition/collector.ts';
import { factsOf } from '../acquisition/handset-facts.ts';
import type { HandsetLink } from '../handset/link.ts';
import { acquisitionKnowledge } from '../parsing/acquisition-knowledge.ts';
import type { Handsets } from './handset-session.ts';

const withinMs = 5000;

/** What a plan is made from while no handset is known: what it would change is then not known either. */
export const unknownHandset: HandsetFacts = factsOf(acquisitionKnowledge, new Set<string>(['shell_v2']), {
  release: null,
  sdk: null,
});

/** Reads a handset's features and release, for a true plan; two properties are asked for, nothing else. Null: it does not answer. */
export async function askRelease(
  live: { handsets(): Promise<Result<Handsets>> },
  serial: string,
): Promise<HandsetFacts | null> {
  const handsets = await live.handsets();
  if (!handsets.ok) return null;
  const link = await handsets.value.open(serial, AbortSignal.timeout(withinMs));
  if (!link.ok) return null;
  try {
    const release = await property(link.value, 'ro.build.version.release');
    const sdk = await property(link.value, 'ro.build.version.sdk');
    return factsOf(acquisitionKnowledge, link.value.features, {
      release,
      sdk: sdk !== null && /^\d{1,3}$/.test(sdk) ? Number(sdk) : null,
    });
  } finally {
    link.value.close();
  }
}

async function property(link: HandsetLink, name: string): Promise<string | null> {
  const said = await link.run(`getprop ${name}`, { timeoutMs: withinMs, maxBytes: 4096 });
  const value = said.ok ? said.value.stdout.toString('utf8').trim().slice(0, 40) : '';
  return value === '' ? null : value;
}
