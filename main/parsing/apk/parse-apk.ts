import { readCertificate } from '../../dissection/certificate.ts';
import { makeParseSink } from '../parse-result.ts';
import type { ParseResult, ParseSink } from '../parse-result.ts';
import type { ApkArchive, ApkSource } from './apk-archive.ts';
import { entryContent, openApk } from './apk-archive.ts';
import { isSignatureFile, readJarSignature } from './jar-signature.ts';
import type { ApkManifest } from './manifest.ts';
import { readManifest } from './manifest.ts';
import type { ApkSigner } from './signing-block.ts';
import { maxSigners, readSigningBlock } from './signing-block.ts';

export interface ApkToParse {
  readonly source: ApkSource;
  /** Of the whole file. */
  readonly sha256: string;
  /** Where it lay on the handset. */
  readonly path: string;
  /** Whose code the handset said that it is; null where nobody asked. */
  readonly package: string | null;
}

const maxManifestBytes = 8 * 1024 * 1024;
const maxSignatureFileBytes = 1024 * 1024;
/** Real ones have one or two kilobytes. */
const maxCertificateBytes = 64 * 1024;

/**
 * Reads of an app's code what it is, who signed it and what its manifest says, as facts of the topic `app-code`. Signatures are read
 * and not checked: a fact says which certificate is named, not that the signature is right. Names begin with the part of the app:
 * `base`, or `split/NAME`. Reads some megabytes of the file at most. Does not throw on any bytes; what is not there or cannot be read
 * is a limit (`apk-…`).
 */
export function parseApk({ source, sha256, path, package: owner }: ApkToParse): ParseResult {
  const sink = makeParseSink();
  const archive = openApk(source);
  const manifest = typeof archive === 'string' ? null : manifestOf(source, archive, sink);
  const said = manifest?.package ?? null;
  const split = manifest?.split ?? null;
  const part = split === null ? 'base' : `split/${split}`;
  const add = (name: string, value: string | null): void => {
    if (value !== null)
      sink.add({
        kind: 'fact',
        topic: 'app-code',
        package: owner ?? said,
        name: sink.value(`${part}/${name}`),
        value: sink.value(value),
        atHandset: null,
      });
  };
  add('file', path.slice(path.lastIndexOf('/') + 1));
  add('sha256', sha256);
  add('bytes', String(source.bytes));
  if (typeof archive === 'string') {
    sink.limit(`apk-archive:${archive}`);
    return sink.result('apk');
  }
  if (owner !== null && said !== null && said !== owner) sink.limit(`apk-other-package:${said.slice(0, 255)}`);
  const unfit = archive.entries.filter(({ refused }) => refused !== null && refused !== 'directory');
  if (unfit.length > 0) sink.limit(`apk-entries:${unfit.length}`);
  if (manifest !== null) addManifest(manifest, add);
  addSigners(signersOf(source, archive, sink), add, sink);
  return sink.result('apk');
}

type AddFact = (name: string, value: string | null) => void;

function manifestOf(source: ApkSource, { entries }: ApkArchive, sink: ParseSink): ApkManifest | null {
  const [entry, ...more] = entries.filter(({ name }) => name === 'AndroidManifest.xml');
  if (entry === undefined) {
    sink.limit('apk-manifest:none');
    return null;
  }
  // Which of two the system would take is not for us to guess.
  if (more.length > 0) sink.limit('apk-manifest:doubled');
  const content = entryContent(source, entry, maxManifestBytes);
  const manifest = typeof content === 'string' ? null : readManifest(content);
  if (manifest === null) sink.limit(`apk-manifest:${typeof content === 'string' ? content : 'no-binary-xml'}`);
  for (const problem of manifest?.problems ?? []) sink.limit(`apk-manifest:${problem}`);
  return manifest;
}

function addManifest(manifest: ApkManifest, add: AddFact): void {
  add('manifest-package', manifest.package);
  add('version-code', manifest.versionCode);
  add('version-name', manifest.versionName);
  add('min-sdk', manifest.minSdk);
  add('target-sdk', manifest.targetSdk);
  add('shared-user', manifest.sharedUserId);
  add('debuggable', manifest.debuggable);
  add('cleartext-traffic', manifest.usesCleartextTraffic);
  add('network-security-config', manifest.networkSecurityConfig);
  add('exported', String(manifest.exported));
  add('exported-by-filter', String(manifest.exportedByFilter));
  for (const permission of manifest.permissions) add('uses-permission', permission);
}

/** The block's signers, and those of the JAR's signature, which older releases go by. */
function signersOf(source: ApkSource, { directory, entries }: ApkArchive, sink: ParseSink): readonly ApkSigner[] {
  const block = readSigningBlock(source, directory.offset);
  for (const problem of block.problems) sink.limit(`apk-signing-block:${problem}`);
  const files = entries.filter(({ name }) => isSignatureFile(name));
  if (files.length > maxSigners) sink.limit(`apk-signature-files:${files.length}`);
  const jar = files.slice(0, maxSigners).flatMap((entry): ApkSigner[] => {
    const content = entryContent(source, entry, maxSignatureFileBytes);
    const read = typeof content === 'string' ? null : readJarSignature(content);
    if (read?.whole !== true) sink.limit(`apk-signature-file:${typeof content === 'string' ? content : 'shape'}`);
    return read === null || read.certificates.length === 0 ? [] : [{ scheme: 'v1', certificates: read.certificates }];
  });
  const signers = [...block.signers, ...jar];
  if (signers.length === 0) sink.limit('apk-no-signer');
  return signers;
}

function addSigners(signers: readonly ApkSigner[], add: AddFact, sink: ParseSink): void {
  const numbers = new Map<string, number>();
  for (const { scheme, certificates } of signers) {
    const signer = (numbers.get(scheme) ?? 0) + 1;
    numbers.set(scheme, signer);
    for (const [at, der] of certificates.entries()) {
      const isTooLarge = der.length > maxCertificateBytes;
      const facts = isTooLarge ? null : readCertificate(der, 0, der.length);
      const name = `signer-${scheme}/${signer}/certificate-${at + 1}`;
      if (facts === null) {
        sink.limit(isTooLarge ? 'apk-certificate:too-large' : 'apk-certificate');
        continue;
      }
      add(`${name}/sha256`, facts.sha256);
      add(`${name}/subject`, facts.subject);
      add(`${name}/issuer`, facts.issuer);
      add(`${name}/not-before`, facts.notBefore);
      add(`${name}/not-after`, facts.notAfter);
    }
  }
}
