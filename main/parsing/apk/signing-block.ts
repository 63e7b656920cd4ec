import type { ApkSource } from './apk-archive.ts';

/** Whose signature a block of the APK holds: the certificates that it names, and nothing of whether it is right. */
export interface ApkSigner {
  /** `v1` (JAR), `v2`, `v3`, `v3.1`. */
  readonly scheme: string;
  /** X.509 in DER. Of v2 and later the first is the signer's; of v1 the order says nothing. */
  readonly certificates: readonly Uint8Array[];
}

export type BlockProblem = 'size' | 'too-large' | 'pairs' | 'signers' | 'doubled';

export interface SigningBlock {
  readonly signers: readonly ApkSigner[];
  readonly problems: readonly BlockProblem[];
}

const magic = Buffer.from('APK Sig Block 42', 'latin1');
const footerBytes = 24;
/** Real ones have some kilobytes; padding and metadata of stores may come to a megabyte. */
const maxBlockBytes = 16 * 1024 * 1024;
const maxPairs = 256;
export const maxSigners = 10;
export const maxCertificates = 16;

/**
 * Ids of the blocks: source.android.com, APK signature scheme v2 and v3; v3.1: AOSP, ApkSignatureSchemeV3Verifier. Their signed data
 * all begin with the digests and the certificates.
 */
const schemes: ReadonlyMap<number, string> = new Map([
  [0x7109871a, 'v2'],
  [0xf05368c0, 'v3'],
  [0x1b93ad61, 'v3.1'],
]);

const none: SigningBlock = { signers: [], problems: [] };
const faulty = (problem: BlockProblem): SigningBlock => ({ signers: [], problems: [problem] });

/**
 * Reads the APK signing block, which ends where the archive's directory begins (source.android.com, APK signature scheme v2):
 * size (8 bytes), pairs of id and value, the size again, 16 bytes of magic. An archive without that magic has none. Signatures and
 * digests are not checked. Does not throw on any bytes.
 */
export function readSigningBlock(source: ApkSource, directoryOffset: number): SigningBlock {
  if (directoryOffset < footerBytes + 8) return none;
  const footer = Buffer.from(source.read(directoryOffset - footerBytes, footerBytes));
  if (footer.length !== footerBytes || !footer.subarray(8).equals(magic)) return none;
  const said = footer.readBigUInt64LE(0);
  if (said < BigInt(footerBytes) || said > BigInt(directoryOffset - 8)) return faulty('size');
  if (said > BigInt(maxBlockBytes)) return faulty('too-large');
  const size = Number(said);
  const block = Buffer.from(source.read(directoryOffset - size - 8, size + 8));
  if (block.length !== size + 8 || block.readBigUInt64LE(0) !== said) return faulty('size');
  return readPairs(block.subarray(8, block.length - footerBytes));
}

function readPairs(pairs: Buffer): SigningBlock {
  const signers: ApkSigner[] = [];
  const problems = new Set<BlockProblem>();
  const seen = new Set<string>();
  let at = 0;
  for (let n = 0; at < pairs.length; n += 1) {
    const length = at + 12 <= pairs.length ? pairs.readBigUInt64LE(at) : null;
    if (n === maxPairs || length === null || length < 4n || length > BigInt(pairs.length - at - 8)) {
      problems.add('pairs');
      break;
    }
    const end = at + 8 + Number(length);
    const scheme = schemes.get(pairs.readUInt32LE(at + 8));
    // The system goes by the first of an id (AOSP, ApkSigningBlockUtils.findApkSignatureSchemeBlock): what follows is signed by nobody.
    if (scheme !== undefined && seen.has(scheme)) problems.add('doubled');
    else if (scheme !== undefined) {
      seen.add(scheme);
      const found = signersOf(pairs.subarray(at + 12, end));
      if (!found.whole) problems.add('signers');
      for (const certificates of found.signers) signers.push({ scheme, certificates });
    }
    at = end;
  }
  return { signers, problems: [...problems] };
}

/** Value with its length (4 bytes) before it; null where it leads out of what holds it. */
function prefixed(b: Buffer, at: number): { readonly value: Buffer; readonly end: number } | null {
  if (at + 4 > b.length) return null;
  const end = at + 4 + b.readUInt32LE(at);
  return end > b.length ? null : { value: b.subarray(at + 4, end), end };
}

/** All elements of a sequence of values with their lengths; `whole` false where one leads out, or there are more than the limit. */
function sequence(b: Buffer, limit: number): { readonly values: readonly Buffer[]; readonly whole: boolean } {
  const values: Buffer[] = [];
  for (let at = 0; at < b.length;) {
    const next = values.length < limit ? prefixed(b, at) : null;
    if (next === null) return { values, whole: false };
    values.push(next.value);
    at = next.end;
  }
  return { values, whole: true };
}

function signersOf(block: Buffer): { readonly signers: readonly Uint8Array[][]; readonly whole: boolean } {
  const outer = prefixed(block, 0);
  const list = outer === null ? { values: [], whole: false } : sequence(outer.value, maxSigners);
  let { whole } = list;
  const signers: Uint8Array[][] = [];
  for (const signer of list.values) {
    const signed = prefixed(signer, 0)?.value;
    const digests = signed === undefined ? null : prefixed(signed, 0);
    const held = signed === undefined || digests === null ? null : prefixed(signed, digests.end);
    const certificates = held === null ? { values: [], whole: false } : sequence(held.value, maxCertificates);
    whole &&= certificates.whole && certificates.values.length > 0;
    if (certificates.values.length > 0) signers.push([...certificates.values]);
  }
  return { signers, whole };
}
