import { latin1, startsWith, textOf, textOfLatin1, u8 } from './bytes.ts';
import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { shortName } from './short-name.ts';
import { claim, likenessOfText, type StreamProtocol } from './stream-protocol.ts';
import { upgrade, upgradesHere } from './tls-upgrade.ts';
import { XmlTags } from './xml-tags.ts';

const OPENINGS = ['<stream:stream', '<?xml ', '<?xml\t'];
const OPENING = '<stream:stream';
/** Of a first segment only so much is looked at to tell who speaks. */
const LOOKED_AT = 1024;

/** The value of an attribute in the text of a tag, or null. */
function attribute(tag: string, name: string): string | null {
  const match = new RegExp(`\\s${name}\\s{0,8}=\\s{0,8}(?:"([^"]*)"|'([^']*)')`).exec(tag);
  const value = match === null ? null : (match[1] ?? match[2] ?? null);
  return value === null ? null : textOfLatin1(value);
}

/**
 * XMPP (RFC 6120): the opening tag of a stream becomes a message with its namespace; MIUI's chat service says `xm` there
 * (handbook: the founding case). Stanzas become messages too; a STARTTLS upgrade is followed.
 */
export class XmppParser implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly tags: XmlTags;
  private opened = false;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
    this.tags = new XmlTags((tag, position, whole) => this.tag(tag, position, whole));
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    // A stream is opened anew after SASL (RFC 6120, 6.4.6).
    if (startsWith(b, start, end, '<stream:stream') || startsWith(b, start, end, '<?xml')) this.tags.restart();
    const at = this.tags.feed(b, start, end, position);
    if (at === end || !upgradesHere(b, at, end)) return false;
    upgrade(this.out, this.d, 'xmpp', b, start, at, end, position);
    return true;
  }

  /** A tag directly below the stream, or that of the stream itself. */
  private tag(tag: string, position: number, whole: boolean): void {
    const { out, d } = this;
    const { row } = d.connection;
    if (!whole) out.note(row, 'cap-message');
    const message = out.newMessage();
    const opening = tag.startsWith('stream:stream');
    if (!d.marks.add(position, opening ? 'xmpp.stream' : 'xmpp.stanza', message)) out.note(row, 'cap-marks');
    const to = attribute(tag, 'to');
    if (opening) {
      if (!this.opened) out.recognise(row, 'xmpp', 'cleartext');
      this.opened = true;
      if (to !== null && d.way === 0) out.table.addName(row, to);
      const fields = { namespace: attribute(tag, 'xmlns'), to };
      out.message(row, d.way, message, d.feedFrame, d.feedUs, 'xmpp-stream', fields);
    } else {
      const name = shortName(/^[^\s/>]+/.exec(tag)?.[0] ?? '');
      const fields = { name, type: attribute(tag, 'type'), from: attribute(tag, 'from'), to };
      out.message(row, d.way, message, d.feedFrame, d.feedUs, 'xmpp-stanza', fields);
    }
  }

  gap(): void {
    this.tags.lose();
  }

  end(): void {
    // A tag that never ended is no message.
  }

  pending(): null {
    return null;
  }
}

/** Only a server's opening tag has an id; a client's names the server it wants (RFC 6120, 4.7). */
function openedByClient(b: Uint8Array, start: number, end: number): boolean | null {
  const text = textOf(b, start, Math.min(end, start + LOOKED_AT));
  const at = text.indexOf(OPENING);
  if (at < 0) return null;
  const close = text.indexOf('>', at);
  const tag = text.slice(at, close < 0 ? undefined : close);
  if (attribute(tag, 'id') !== null) return false;
  return attribute(tag, 'to') === null ? null : true;
}

/** An XML declaration alone may begin anything: it is XMPP when the stream's tag follows, or on XMPP's ports. */
function isXmpp(b: Uint8Array, start: number, end: number): boolean {
  return u8(b, start + 1) !== 63 || latin1(b, start, Math.min(end, start + LOOKED_AT)).includes(OPENING);
}

export const xmpp: StreamProtocol = {
  application: 'xmpp',
  likeness(b, start, end, out, d) {
    const likeness = likenessOfText(OPENINGS, b, start, end);
    if (likeness !== 'yes' || isXmpp(b, start, end)) return likeness;
    const { row } = d.connection;
    const known = [0, 1].some((side) => [5222, 5223, 5269].includes(out.table.port(row, side)));
    return known || end - start < LOOKED_AT ? 'yes' : 'no';
  },
  begin(out, d, b, start, end) {
    const asClient = openedByClient(b, start, end);
    // Who opened it is told now, before anything is handed on; the name is given when the stream's tag is whole.
    if (asClient !== null) claim(out, d, 'xmpp', 'cleartext', asClient);
    return new XmppParser(out, d);
  },
};
