import { useEffect, useState } from 'react';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { Button } from '../../widgets/button.tsx';
import { BytesView } from '../../widgets/bytes-view.tsx';
import { SelectField } from '../../widgets/field.tsx';
import { bytesOfBase64 } from '../../widgets/hex-rows.ts';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Notice, ProblemNotice } from '../../widgets/notice.tsx';
import { useWords } from '../../words/words.tsx';

const blockBytes = 4096;
const pictureBlockBytes = 65_536;
/** Bigger pictures are not decoded in the window. */
const biggestPictureBytes = 8 * 1024 * 1024;

type View = 'text' | 'hex' | 'picture';

const firstView: Readonly<Record<Exhibit['kind'], View>> = {
  capture: 'hex',
  'command-output': 'text',
  screenshot: 'picture',
  apk: 'hex',
  'key-log': 'text',
  file: 'picture',
  report: 'hex',
};

const viewsOf: Partial<Readonly<Record<Exhibit['kind'], readonly View[]>>> = {
  screenshot: ['picture', 'hex'],
  file: ['picture', 'text', 'hex'],
};

/** Bytes as UTF-8 lines; what is not UTF-8 becomes the replacement character. */
function linesOf(base64: string): readonly string[] {
  return new TextDecoder().decode(bytesOfBase64(base64)).split(/\r?\n/);
}

/** The stored bytes, a block at a time. */
function Blocks({
  exhibit,
  view,
  firstOffset,
}: {
  readonly exhibit: Exhibit;
  readonly view: 'text' | 'hex';
  readonly firstOffset: number;
}) {
  const { say, number } = useWords();
  const { case: token } = useCase();
  const [offset, setOffset] = useState(firstOffset);
  const block = useQuery('exhibits.bytes', { case: token, exhibit: exhibit.id, offset, length: blockBytes });
  const label = say('ui.exhibit.bytes-of', { exhibit: exhibit.id });
  return (
    <>
      {exhibit.bytes <= blockBytes ? null : (
        <div className="button-row">
          <Button kind="quiet" disabled={offset === 0} onPress={() => setOffset(Math.max(0, offset - blockBytes))}>
            {say('ui.bytes.previous')}
          </Button>
          <Button
            kind="quiet"
            disabled={offset + blockBytes >= exhibit.bytes}
            onPress={() => setOffset(offset + blockBytes)}
          >
            {say('ui.bytes.next')}
          </Button>
          <span className="muted">
            {say('ui.bytes.range', {
              from: number(offset),
              to: number(Math.min(exhibit.bytes, offset + blockBytes)),
              total: number(exhibit.bytes),
            })}
          </span>
        </div>
      )}
      {block.problem === null ? null : <ProblemNotice problem={block.problem} />}
      {block.value === null ? null : view === 'hex' ? (
        <BytesView label={label} base64={block.value.base64} firstOffset={block.value.offset} />
      ) : (
        <div className="raw-text mono" role="group" aria-label={label} tabIndex={0}>
          {linesOf(block.value.base64).map((line, index) => (
            <div key={index}>
              <HostileText text={line} max={4096} />
            </div>
          ))}
        </div>
      )}
    </>
  );
}

/**
 * Pictures that the window can show, by their first bytes; nothing that could carry a script. Sources: PNG (W3C), JPEG (ITU T.81 B.1),
 * GIF (87a and 89a), WebP (RIFF container).
 */
const pictureKinds: readonly { readonly type: string; readonly begins: readonly string[]; readonly at8?: string }[] = [
  { type: 'image/png', begins: ['\x89PNG\r\n\x1a\n'] },
  { type: 'image/jpeg', begins: ['\xff\xd8\xff'] },
  { type: 'image/gif', begins: ['GIF87a', 'GIF89a'] },
  { type: 'image/webp', begins: ['RIFF'], at8: 'WEBP' },
];

function pictureTypeOf(binary: string): string | null {
  const found = pictureKinds.find(
    ({ begins, at8 = '' }) => begins.some((one) => binary.startsWith(one)) && (at8 === '' || binary.startsWith(at8, 8)),
  );
  return found?.type ?? null;
}

/** Fetches the whole picture in blocks; null until it is here, `none` where its bytes are no picture that can be shown. */
function usePicture(exhibit: Exhibit, token: string): string | null {
  const [picture, setPicture] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    async function load(): Promise<void> {
      let binary = '';
      for (let offset = 0; offset < exhibit.bytes && current; offset += pictureBlockBytes) {
        const input = { case: token, exhibit: exhibit.id, offset, length: pictureBlockBytes };
        const reply = await call('exhibits.bytes', input);
        if (!reply.ok) return;
        binary += atob(reply.value.base64);
        if (pictureTypeOf(binary) === null) break;
      }
      const type = pictureTypeOf(binary);
      if (current) setPicture(type === null ? 'none' : `data:${type};base64,${btoa(binary)}`);
    }
    if (exhibit.bytes <= biggestPictureBytes) void load();
    return () => {
      current = false;
    };
  }, [exhibit.id, exhibit.bytes, token]);
  return picture;
}

function Picture({ exhibit }: { readonly exhibit: Exhibit }) {
  const { say } = useWords();
  const { case: token } = useCase();
  const picture = usePicture(exhibit, token);
  if (exhibit.bytes > biggestPictureBytes) return <Notice tone="info">{say('ui.exhibit.picture-too-big')}</Notice>;
  if (picture === null) return <p className="muted">{say('ui.loading')}</p>;
  if (picture === 'none') return <Notice tone="info">{say('ui.exhibit.no-picture')}</Notice>;
  return <img className="raw-picture" src={picture} alt={say('ui.exhibit.picture-of', { exhibit: exhibit.id })} />;
}

export interface RawViewProps {
  readonly exhibit: Exhibit;
  /** Where the first block that is shown begins. */
  readonly firstOffset?: number;
}

/** What is stored, as it is: text, bytes or picture. */
export function RawView({ exhibit, firstOffset = 0 }: RawViewProps) {
  const { say } = useWords();
  const [view, setView] = useState<View>(firstView[exhibit.kind]);
  if (exhibit.bytes === 0) return <p className="muted">{say('ui.exhibit.no-bytes')}</p>;
  const views = viewsOf[exhibit.kind] ?? ['text', 'hex'];
  return (
    <>
      <SelectField
        label={say('ui.exhibit.view')}
        value={view}
        onChange={setView}
        options={views.map((value) => ({ value, text: say(`ui.exhibit.as-${value}`) }))}
      />
      {view === 'picture' ? (
        <Picture exhibit={exhibit} />
      ) : (
        <Blocks exhibit={exhibit} view={view} firstOffset={firstOffset} />
      )}
    </>
  );
}
