import { readStringPool } from './string-pool.ts';
import type { StringPool } from './string-pool.ts';

/** One attribute of an element. */
export interface XmlAttribute {
  /** The framework's number of it: what the system goes by, whatever name stands in the file; null where it has none. */
  readonly resource: number | null;
  readonly name: string | null;
  /** Numbers in decimal, `true` or `false`, a reference as `@7f120001`, a text as it is; other types as `TYPE:hexadecimal`. */
  readonly value: string;
}

export interface XmlElement {
  readonly name: string | null;
  /** 0 for the root. */
  readonly depth: number;
  readonly attributes: readonly XmlAttribute[];
}

/** Why not all of it was read: what came before that was. */
export type XmlProblem = 'no-binary-xml' | 'chunk' | 'string-pool' | 'element' | 'elements' | 'attributes' | 'text-cut';

const chunkType = { stringPool: 0x0001, xml: 0x0003, start: 0x0102, end: 0x0103, resourceMap: 0x0180 } as const;
const valueType = { reference: 0x01, string: 0x03, decimal: 0x10, hexadecimal: 0x11, boolean: 0x12 } as const;
const maxElements = 100_000;
const maxAttributes = 256;

/**
 * Reads the elements of a compiled XML file, in their order (AOSP, libs/androidfw, ResourceTypes.h: ResXMLTree_node and what follows
 * it). Each chunk is at least its header long, so every step goes on. Does not throw on any bytes.
 */
export function readBinaryXml(bytes: Uint8Array, onElement: (element: XmlElement) => void): readonly XmlProblem[] {
  const b = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (b.length < 8 || b.readUInt16LE(0) !== chunkType.xml) return ['no-binary-xml'];
  const problems = new Set<XmlProblem>();
  let pool: StringPool | null = null;
  let resources: readonly number[] = [];
  let depth = 0;
  let elements = 0;
  for (let at = b.readUInt16LE(2); at + 8 <= b.length;) {
    const type = b.readUInt16LE(at);
    const size = b.readUInt32LE(at + 4);
    if (size < 8 || at + size > b.length) {
      problems.add('chunk');
      break;
    }
    const chunk = b.subarray(at, at + size);
    if (type === chunkType.stringPool && pool === null) {
      pool = readStringPool(chunk);
      if (pool === null) problems.add('string-pool');
    } else if (type === chunkType.resourceMap) resources = resourceMap(chunk);
    else if (type === chunkType.start) {
      if (elements === maxElements) {
        problems.add('elements');
        break;
      }
      const read = pool === null ? null : elementOf(chunk, pool, resources);
      if (read === null) problems.add('element');
      else {
        if (read.cut) problems.add('attributes');
        onElement({ name: read.name, depth, attributes: read.attributes });
      }
      elements += 1;
      depth += 1;
    } else if (type === chunkType.end) depth = Math.max(0, depth - 1);
    at += size;
  }
  if (pool?.cut === true) problems.add('text-cut');
  return [...problems];
}

function resourceMap(chunk: Buffer): number[] {
  const ids: number[] = [];
  for (let at = 8; at + 4 <= chunk.length && ids.length < 100_000; at += 4) ids.push(chunk.readUInt32LE(at));
  return ids;
}

function elementOf(
  chunk: Buffer,
  pool: StringPool,
  resources: readonly number[],
): { readonly name: string | null; readonly attributes: readonly XmlAttribute[]; readonly cut: boolean } | null {
  const extension = chunk.readUInt16LE(2);
  if (extension < 16 || extension + 20 > chunk.length) return null;
  const start = extension + chunk.readUInt16LE(extension + 8);
  const step = chunk.readUInt16LE(extension + 10);
  const count = chunk.readUInt16LE(extension + 12);
  const attributes: XmlAttribute[] = [];
  if (count > 0 && step < 20) return null;
  for (let n = 0; n < Math.min(count, maxAttributes); n += 1) {
    const at = start + n * step;
    if (at + 20 > chunk.length) return null;
    const name = chunk.readUInt32LE(at + 4);
    attributes.push({
      resource: resources[name] ?? null,
      name: pool.text(name),
      value: valueAt(chunk, at, pool),
    });
  }
  return { name: pool.text(chunk.readUInt32LE(extension + 4)), attributes, cut: count > maxAttributes };
}

function valueAt(chunk: Buffer, at: number, pool: StringPool): string {
  const type = chunk.readUInt8(at + 15);
  const data = chunk.readUInt32LE(at + 16);
  if (type === valueType.string) return pool.text(data) ?? '';
  if (type === valueType.decimal) return String(data | 0);
  if (type === valueType.hexadecimal) return String(data);
  if (type === valueType.boolean) return data === 0 ? 'false' : 'true';
  return `${type === valueType.reference ? '@' : `${type}:`}${data.toString(16)}`;
}
