import type { ByteRun, Origin, Way } from '../../dissection/sink.ts';
import type { ConfidenceReason } from '../../../shared/model/finding.ts';
import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import type { Representation } from '../../../shared/model/traffic.ts';
import { digestAlgorithms } from '../transforms/digests.ts';
import type { ByteContext, EdgeState } from './surroundings.ts';

/** A writing of an identifier found at an offset. Plain data: it survives structured clone. */
export interface Hit {
  /** Index into the pattern set's values. */
  readonly value: number;
  readonly kind: IdentifierKind;
  readonly owners: readonly { readonly id: string; readonly handset: string }[];
  /** Which normal form of the identifier: null for the canonical one, else `national`, `imei-14` … */
  readonly form: string | null;
  /** Steps from the identifier outwards: `[]`, `['base64']`, `['sha1','base64url','first-16']` … */
  readonly transform: readonly string[];
  readonly representation: Representation;
  readonly flow: number;
  readonly way: Way;
  readonly layer: ByteRun['layer'];
  /** What dissection undid to get to these bytes (`chunked`, `gzip`): no transform of the identifier. */
  readonly decodings: readonly string[];
  readonly sequence: number;
  /** Range in that sequence. */
  readonly from: number;
  readonly to: number;
  /** Offset in the decoded body, for hits in one. */
  readonly bodyOffset: number | null;
  /** Offset in bytes that only the search inflated, else null: tells apart two matches in one compressed value. */
  readonly innerOffset: number | null;
  /** Of a compressed value in compressed values: where each of these begins in what the one around it gave, the outermost first. */
  readonly memberOffsets: readonly number[];
  readonly origin: Origin;
  /** Whether a neighbour makes it part of a longer number or word. */
  readonly edges: EdgeState;
  /** Name of the field beside it, else null. */
  readonly name: string | null;
  /** Whether the name beside it, or the path before it, usually goes with this kind. */
  readonly agrees: boolean;
  /** What else its digits may be, where only names agree that hold such things too. */
  readonly doubt: ConfidenceReason | null;
  /** Surprise of the match in bits, as one place of random text of the same alphabet would have it. */
  readonly bits: number;
  readonly context: ByteContext;
}

const digestNames = new Set(digestAlgorithms.map((a) => a.name));

/** Second axis of protection (handbook: cli.md): a digest hides the value from readers, an encoding does not. */
export function representationOf(transform: readonly string[]): Representation {
  if (transform.length === 0) return 'plain';
  return transform.some((step) => digestNames.has(step)) ? 'pseudonymised' : 'encoded';
}
