import { crc32 } from 'node:zlib';

/** One element of a manifest with what stands in it. Attribute values: text, number, boolean, or a reference to a resource. */
export interface ManifestElement {
  readonly name: string;
  /** By name: `package` and `split` are bare, all others of the framework. */
  readonly attributes?: Readonly<Record<string, string | number | boolean | { readonly reference: number }>>;
  readonly children?: readonly ManifestElement[];
}

/** Numbers of the framework's attributes: AOSP, core/res/res/values/public.xml. */
const resources: Readonly<Record<string, number>> = {
  name: 0x01010003,
  sharedUserId: 0x0101000b,
  debuggable: 0x0101000f,
  exported: 0x01010010,
  minSdkVersion: 0x0101020c,
  versionCode: 0x0101021b,
  versionName: 0x0101021c,
  targetSdkVersion: 0x01010270,
  usesCleartextTraffic: 0x010104ec,
  networkSecurityConfig: 0x01010527,
  versionCodeMajor: 0x01010576,
};

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => bytes.writeUInt32LE(value >>> 0, at * 4));
  return bytes;
}

function halves(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, at) => bytes.writeUInt16LE(value & 0xffff, at * 2));
  return bytes;
}

const chunk = (type: number, header: Buffer, body: Buffer): Buffer =>
  Buffer.concat([halves(type, 8 + header.length), words(8 + header.length + body.length), header, body]);

function lengthPrefix(length: number, isUtf8: boolean): Buffer {
  if (isUtf8) return Buffer.from(length < 0x80 ? [length] : [0x80 | (length >> 8), length & 0xff]);
  return length < 0x8000 ? halves(length) : halves(0x8000 | (length >> 16), length);
}

function poolOf(texts: readonly string[], isUtf8: boolean): Buffer {
  const data: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const text of texts) {
    const bytes = Buffer.from(text, isUtf8 ? 'utf8' : 'utf16le');
    const lengths = isUtf8
      ? Buffer.concat([lengthPrefix(text.length, true), lengthPrefix(bytes.length, true)])
      : lengthPrefix(text.length, false);
    const whole = Buffer.concat([lengths, bytes, Buffer.alloc(isUtf8 ? 1 : 2)]);
    offsets.push(at);
    data.push(whole);
    at += whole.length;
  }
  const padding = Buffer.alloc((4 - (at % 4)) % 4);
  const header = words(texts.length, 0, isUtf8 ? 0x100 : 0, 28 + texts.length * 4, 0);
  return chunk(0x0001, header, Buffer.concat([words(...offsets), ...data, padding]));
}

/** A compiled manifest (AOSP, libs/androidfw, ResourceTypes.h): pool, map of attributes, start and end of each element. */
export function compiledManifest(root: ManifestElement, isUtf8 = false): Buffer {
  // The map of attributes names the first texts of the pool.
  const texts = Object.keys(resources);
  const indexOf = (text: string): number => {
    const at = texts.indexOf(text);
    return at < 0 ? texts.push(text) - 1 : at;
  };
  const none = 0xffffffff;
  const namespace = 'http://schemas.android.com/apk/res/android';
  const typed = (value: string | number | boolean | { readonly reference: number }): [number, number] => {
    if (typeof value === 'string') return [0x03, indexOf(value)];
    if (typeof value === 'number') return [0x10, value];
    if (typeof value === 'boolean') return [0x12, value ? none : 0];
    return [0x01, value.reference];
  };
  const elementOf = (element: ManifestElement): Buffer => {
    const attributes = Object.entries(element.attributes ?? {}).map(([name, value]) => {
      const [type, data] = typed(value);
      const space = name in resources ? indexOf(namespace) : none;
      const raw = typeof value === 'string' ? data : none;
      return Buffer.concat([words(space, indexOf(name), raw), halves(8), Buffer.from([0, type]), words(data)]);
    });
    const start = chunk(
      0x0102,
      words(1, none),
      Buffer.concat([words(none, indexOf(element.name)), halves(20, 20, attributes.length, 0, 0, 0), ...attributes]),
    );
    const end = chunk(0x0103, words(1, none), words(none, indexOf(element.name)));
    return Buffer.concat([start, ...(element.children ?? []).map(elementOf), end]);
  };
  const body = elementOf(root);
  const map = chunk(0x0180, Buffer.alloc(0), words(...Object.values(resources)));
  const content = Buffer.concat([poolOf(texts, isUtf8), map, body]);
  return chunk(0x0003, Buffer.alloc(0), content);
}

const prefixed = (...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([words(body.length), body]);
};

/** Ids of the blocks: source.android.com, APK signature scheme v2 and v3. */
export const schemeIds = { v2: 0x7109871a, v3: 0xf05368c0 } as const;

/** The block of one scheme: per signer its certificates; digest, signature and key are empty (nobody here checks them). */
export function schemeBlock(scheme: keyof typeof schemeIds, signers: readonly (readonly Buffer[])[]): Buffer {
  const versions = scheme === 'v3' ? [words(28, 0x7fffffff)] : [];
  const value = prefixed(
    ...signers.map((certificates) =>
      prefixed(
        prefixed(prefixed(), prefixed(...certificates.map((one) => prefixed(one))), ...versions, prefixed()),
        ...versions,
        prefixed(),
        prefixed(),
      ),
    ),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(4 + value.length));
  return Buffer.concat([length, words(schemeIds[scheme]), value]);
}

/** The signing block around its pairs. */
export function signingBlock(...pairs: readonly Buffer[]): Buffer {
  const body = Buffer.concat(pairs);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(body.length + 24));
  return Buffer.concat([size, body, size, Buffer.from('APK Sig Block 42', 'latin1')]);
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const prefix = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...prefix]), body]);
}

/** The file of a JAR's signature (PKCS#7 signed data, RFC 2315) with these certificates and no signature. */
export function jarSignature(certificates: readonly Buffer[]): Buffer {
  const oid = (last: number): Buffer =>
    der(0x06, Buffer.from(`2a864886f70d0107${last.toString(16).padStart(2, '0')}`, 'hex'));
  const content = der(
    0x30,
    der(0x02, Buffer.from([1])),
    der(0x31),
    der(0x30, oid(1)),
    der(0xa0, ...certificates),
    der(0x31),
  );
  return der(0x30, oid(2), der(0xa0, content));
}

/** Puts a signing block before the directory of an archive, and mends the place of the directory. */
export function withBlock(archive: Buffer, block: Buffer): Buffer {
  const end = archive.length - 22;
  const offset = archive.readUInt32LE(end + 16);
  const made = Buffer.concat([archive.subarray(0, offset), block, archive.subarray(offset)]);
  made.writeUInt32LE(offset + block.length, end + block.length + 16);
  return made;
}

/** A ZIP of stored entries (APPNOTE 6.3). */
export function storedArchive(entries: readonly { readonly name: string; readonly content: Buffer }[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const title = Buffer.from(name);
    const about = Buffer.concat([
      halves(20, 0, 0, 0, 0),
      words(crc32(content), content.length, content.length),
      halves(title.length, 0),
    ]);
    files.push(words(0x04034b50), about, title, content);
    directory.push(words(0x02014b50), halves(20), about, Buffer.alloc(10), words(offset), title);
    offset += 30 + title.length + content.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.concat([
    words(0x06054b50),
    halves(0, 0, entries.length, entries.length),
    words(list.length, offset),
    halves(0),
  ]);
  return Buffer.concat([...files, list, end]);
}
