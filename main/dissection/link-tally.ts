import type { FaultLog } from './faults.ts';
import type { LinkResult } from './link-frame.ts';

interface LinkCount {
  readonly linkType: number;
  packets: number;
  unknown: boolean;
  readonly firstFrame: number;
}

/** Why frames could not be read at their link, each told once with its number of frames. */
const REASONS = {
  encrypted: ['link-encrypted', 'frames are protected at the link; they were counted, not read'],
  fragment: ['link-fragments', 'fragments of 802.11 frames of which a part is missing or cut were counted, not read'],
  'under-labels': ['under-labels', 'what MPLS labels carry is neither IP nor Ethernet; it was counted, not read'],
  wrapped: ['unknown-link-type', 'frames in PPI or pktap whose link type is not known were counted, not read'],
  nested: ['cap-links', 'frames with more link headers, tags or labels than are passed over were counted, not read'],
  cut: ['malformed-link', 'a link header makes no sense or is cut'],
} as const satisfies Partial<Record<LinkResult, readonly [code: string, detail: string]>>;

type Reason = keyof typeof REASONS;

const EVERY_REASON: readonly Reason[] = ['encrypted', 'fragment', 'under-labels', 'wrapped', 'nested', 'cut'];

function isReason(result: LinkResult): result is Reason {
  return Object.hasOwn(REASONS, result);
}

/** Different link types counted by number; a hostile file may name 65,536 of them. */
const MAX_TYPES = 256;

/** Counts packets by link type, and those that could not be read at the link. */
export class LinkTally {
  private readonly counts: LinkCount[] = [];
  private last: LinkCount | null = null;
  private other: LinkCount | null = null;
  private readonly unread: Record<Reason, { frames: number; first: number }> = {
    encrypted: { frames: 0, first: 0 },
    fragment: { frames: 0, first: 0 },
    'under-labels': { frames: 0, first: 0 },
    wrapped: { frames: 0, first: 0 },
    nested: { frames: 0, first: 0 },
    cut: { frames: 0, first: 0 },
  };

  count(linkType: number, frame: number): void {
    let count = this.last;
    if (count === null || count.linkType !== linkType) {
      count = this.find(linkType, frame);
      this.last = count;
    }
    count.packets++;
  }

  private find(linkType: number, frame: number): LinkCount {
    const known = this.counts.find((c) => c.linkType === linkType);
    if (known !== undefined) return known;
    if (this.counts.length >= MAX_TYPES) {
      this.other ??= { linkType: -1, packets: 0, unknown: true, firstFrame: frame };
      return this.other;
    }
    const count = { linkType, packets: 0, unknown: false, firstFrame: frame };
    this.counts.push(count);
    return count;
  }

  /** A frame of the link type counted last held no packet to go on with. */
  note(result: LinkResult, frame: number): void {
    if (result === 'unknown-link-type') {
      if (this.last !== null) this.last.unknown = true;
    } else if (isReason(result)) {
      const unread = this.unread[result];
      // Fragments are told when the others have not come.
      if (unread.frames++ === 0 || frame < unread.first) unread.first = frame;
    }
  }

  linkTypes(): { readonly linkType: number; readonly packets: number }[] {
    return this.counts.map(({ linkType, packets }) => ({ linkType, packets }));
  }

  sumUp(faults: FaultLog): void {
    for (const c of this.counts) {
      if (!c.unknown) continue;
      const detail = `link type ${c.linkType} is not known; its packets were counted, not read`;
      faults.addMany('unknown-link-type', detail, c.firstFrame, null, c.packets);
    }
    if (this.other !== null) {
      const detail = `packets of further link types, after the first ${MAX_TYPES}, were counted together`;
      faults.addMany('unknown-link-type', detail, this.other.firstFrame, null, this.other.packets);
    }
    for (const reason of EVERY_REASON) {
      const { frames, first } = this.unread[reason];
      if (frames > 0) faults.addMany(REASONS[reason][0], REASONS[reason][1], first, null, frames);
    }
  }
}
