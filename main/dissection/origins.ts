import type { Channel } from '../../shared/model/traffic.ts';
import { type Carried, type Carriers, framesOf } from './carriers.ts';
import type { Direction } from './direction.ts';
import { carriedBy, type Origin, type OriginSource } from './sink.ts';

/** Finds where a stretch of a decoded body came from. May be asked long after the call that brought the bytes. */
export interface BodySource {
  locate(from: number, to: number): Origin;
}

/** Finds field and message of a stretch of a datagram. May be asked after the call that brought the bytes: no look into them. */
export type DatagramFields = (from: number, to: number) => { field: string | null; message: number | null };

/** Bytes of one sequence of a reassembled stream. The channel is that of the moment: an upgrade to TLS does not reach back. */
export class StreamOrigin implements OriginSource {
  readonly sequenceStart: number;
  readonly channel: Channel;
  private readonly d: Direction;
  private readonly carriers: Carriers;

  constructor(d: Direction, sequenceStart: number, channel: Channel, carriers: Carriers) {
    this.carriers = carriers;
    this.d = d;
    this.sequenceStart = sequenceStart;
    this.channel = channel;
  }

  locate(from: number, to: number): Origin {
    const { d, sequenceStart, channel } = this;
    const { frames, us } = d.segments.locate(from + sequenceStart, to + sequenceStart);
    const streamOffset = from + sequenceStart;
    const stream = d.connection.row * 2 + d.side;
    const all = this.carriers.ofStream(stream, streamOffset, to + sequenceStart, frames);
    return carriedBy({ frames, streamOffset, atUs: us, channel, ...d.fieldAt(streamOffset) }, all);
  }
}

/** What a datagram came in, and where its bytes begin in that. */
interface InFragments {
  readonly list: readonly Carried[];
  readonly start: number;
}

/** One datagram. */
export class DatagramOrigin implements OriginSource {
  private readonly frame: number;
  private readonly us: number;
  private readonly channel: Channel;
  private readonly fields: DatagramFields | null;
  private readonly carried: InFragments | null;
  private readonly before: number;

  constructor(
    frame: number,
    us: number,
    channel: Channel,
    fields: DatagramFields | null,
    carried: InFragments | null,
    before: number,
  ) {
    this.frame = frame;
    this.us = us;
    this.channel = channel;
    this.fields = fields;
    this.carried = carried;
    this.before = before;
  }

  locate(from: number, to: number): Origin {
    const { carried, fields } = this;
    const place = fields === null ? { field: null, message: null } : fields(from, to);
    const { frame, us: atUs, channel, before } = this;
    const origin: Origin = { frames: [frame], streamOffset: from + before, atUs, channel, ...place };
    return carried === null
      ? origin
      : carriedBy(origin, framesOf(carried.list, carried.start + from, carried.start + to));
  }
}

/** Bytes of one decoded sequence. */
export class BodyOrigin implements OriginSource {
  readonly source: BodySource;
  readonly sequence: number;
  readonly channel: Channel;
  private readonly carriers: Carriers;

  constructor(source: BodySource, sequence: number, channel: Channel, carriers: Carriers) {
    this.carriers = carriers;
    this.source = source;
    this.sequence = sequence;
    this.channel = channel;
  }

  locate(from: number, to: number): Origin {
    const origin = this.source.locate(from, to);
    return { ...carriedBy(origin, this.carriers.all(origin.frames)), channel: this.channel };
  }
}
