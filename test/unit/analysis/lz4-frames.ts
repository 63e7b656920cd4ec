/** A frame that nothing is compressed in: every character is a literal (lz4_Frame_format.md 1.6, independent blocks, no check sum of the content). */
export function lz4Frame(text: string, cutAt = 60): Buffer {
  const blocks = [text.slice(0, cutAt), text.slice(cutAt)].map((part) => {
    const bytes = Buffer.from(part);
    const rest = bytes.length - 15;
    const length = [...Array.from({ length: Math.floor(rest / 255) }, () => 255), rest % 255];
    const block = rest < 0 ? [bytes.length << 4, ...bytes] : [0xf0, ...length, ...bytes];
    const size = Buffer.alloc(4);
    size.writeUInt32LE(block.length);
    return Buffer.concat([size, Buffer.from(block)]);
  });
  return Buffer.concat([Buffer.from('04224d18604082', 'hex'), ...blocks, Buffer.alloc(4)]);
}
