import type { TransformPath } from '../../shared/contract/transform-path.ts';
import type { FindingDraft } from '../../shared/model/finding.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import { replayTransform } from '../analysis/transforms/replay-transform.ts';
import { vendorSchemes } from '../analysis/transforms/vendor-schemes.ts';

/** Longest value that is shown of a step, in bytes. */
const shownBytes = 128;

/** How the bytes of a finding come from its identifier; null where it has none or its bytes are not kept. */
export function transformPathOf(finding: FindingDraft, identifiers: readonly Identifier[]): TransformPath | null {
  const identifier = identifiers.find(({ id }) => id === finding.identifier?.id);
  const { context, transform } = finding;
  if (identifier === undefined || context === null) return null;
  const wire = Buffer.from(context.base64, 'base64').subarray(context.matchStart, context.matchEnd);
  const form = finding.form ?? null;
  const { kind, value } = identifier;
  const replay = replayTransform(kind, value, form, transform, wire);
  return {
    kind,
    text: replay.text,
    form,
    steps: replay.steps.map(({ step, output }) => ({
      step,
      value: output === null ? null : shown(output),
      isBytes: output !== null && !isReadable(output),
    })),
    compared: replay.compared,
    wire: shown(wire),
    inRecord: finding.frames.length === 0,
    decodings: finding.decodings ?? [],
    scheme: schemeOf(kind, transform),
  };
}

function schemeOf(kind: Identifier['kind'], transform: readonly string[]): TransformPath['scheme'] {
  const found = vendorSchemes.find(
    ({ reach, kinds, steps }) =>
      reach === 'searched' && (kinds.length === 0 || kinds.includes(kind)) && steps.join() === transform.join(),
  );
  return found === undefined ? null : { name: found.name, source: found.source };
}

/** Text without control characters. */
function isReadable(bytes: Uint8Array): boolean {
  return !/\uFFFD|\p{Cc}/u.test(Buffer.from(bytes).toString('utf8'));
}

function shown(bytes: Uint8Array): string {
  const part = Buffer.from(bytes.subarray(0, shownBytes));
  const rest = bytes.length > shownBytes ? '…' : '';
  return part.toString(isReadable(part) ? 'utf8' : 'hex') + rest;
}
