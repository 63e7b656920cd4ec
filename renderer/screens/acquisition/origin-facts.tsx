import type { CommandOrigin, Exhibit, ImportedOutput, ImportStatement } from '../../../shared/model/exhibit.ts';
import { HostileText } from '../../widgets/hostile-text.tsx';
import { Instant } from '../../widgets/instant.tsx';
import type { Fact } from '../../widgets/page.tsx';
import { useWords, type Words } from '../../words/words.tsx';
import { ExhibitLink } from '../references.tsx';

/** Where an exhibit comes from, by its kind of origin. */
export function useOriginFacts(exhibit: Exhibit): readonly Fact[] {
  const words = useWords();
  const { say, number } = words;
  const { origin } = exhibit;
  switch (origin.type) {
    case 'command':
      return origin.imported === undefined
        ? commandFacts(words, origin)
        : importedFacts(words, origin, origin.imported);
    case 'capture':
      return [
        { name: say('ui.origin.method'), value: origin.method },
        { name: say('ui.origin.end'), value: say(`ui.capture-end.${origin.end}`) },
        {
          name: say('ui.capture-count.packets'),
          value: origin.packetsCaptured === null ? '—' : number(origin.packetsCaptured),
        },
        {
          name: say('ui.capture-count.dropped'),
          value: origin.packetsDroppedByKernel === null ? '—' : number(origin.packetsDroppedByKernel),
        },
        { name: say('ui.column.started'), value: <Instant at={origin.startedAt} both /> },
        { name: say('ui.column.ended'), value: <Instant at={origin.endedAt} both /> },
      ];
    case 'import':
      return origin.statement === undefined
        ? [
            { name: say('ui.origin.file'), value: <HostileText text={origin.fileName} /> },
            origin.note === undefined
              ? { name: say('ui.origin.compression'), value: origin.compression ?? '—' }
              : { name: say('ui.attach.note'), value: <HostileText text={origin.note} max={2000} /> },
          ]
        : [
            { name: say('ui.origin.file'), value: <HostileText text={origin.fileName} /> },
            ...statementFacts(words, origin.statement),
          ];
    case 'pull':
      return [
        { name: say('ui.origin.path'), value: <HostileText text={origin.path} mono /> },
        { name: say('ui.column.started'), value: <Instant at={origin.startedAt} both /> },
        { name: say('ui.column.ended'), value: <Instant at={origin.endedAt} both /> },
      ];
    case 'workstation':
      return [{ name: say('ui.origin.note'), value: <HostileText text={origin.note} /> }];
  }
}

function commandFacts({ say, sayIfKnown }: Words, origin: CommandOrigin): readonly Fact[] {
  return [
    { name: say('ui.origin.command'), value: <HostileText text={origin.command} mono /> },
    { name: say('ui.origin.stream'), value: sayIfKnown(`ui.stream.${origin.stream}`, origin.stream) },
    {
      name: say('ui.origin.exit'),
      value: origin.exitStatus === null ? say('ui.origin.exit-unknown') : origin.exitStatus,
    },
    { name: say('ui.column.started'), value: <Instant at={origin.startedAt} both /> },
    { name: say('ui.column.ended'), value: <Instant at={origin.endedAt} both /> },
  ];
}

/** What came in a file says nothing of exit or times: who says that it is the output of the command, and where it stood. */
function importedFacts(words: Words, origin: CommandOrigin, imported: ImportedOutput): readonly Fact[] {
  const { say, number } = words;
  return [
    { name: say('ui.origin.command'), value: <HostileText text={origin.command} mono /> },
    { name: say('ui.origin.said-by'), value: say(`ui.output.said-by.${imported.saidBy}`) },
    { name: say('ui.origin.file'), value: <HostileText text={imported.fileName} /> },
    imported.exhibit === null
      ? null
      : {
          name: say('ui.origin.cut-from'),
          value: (
            <>
              <ExhibitLink id={imported.exhibit} />{' '}
              {say('ui.origin.from-byte', { offset: number(imported.offsetBytes) })}
            </>
          ),
        },
    ...statementFacts(words, imported),
  ].filter((fact) => fact !== null);
}

function statementFacts(
  { say }: Words,
  { what, recognised, takenAt, modifiedAt, tool, atHandset }: ImportStatement,
): readonly Fact[] {
  return [
    { name: say('ui.output.what'), value: <HostileText text={what} mono /> },
    {
      name: say('ui.output.looks-like'),
      value: recognised === null ? say('ui.output.unrecognised') : <HostileText text={recognised} mono />,
    },
    {
      name: say('ui.output.taken-at'),
      value: takenAt === null ? say('ui.output.not-known') : <Instant at={takenAt} both />,
    },
    { name: say('ui.output.modified'), value: <Instant at={modifiedAt} both /> },
    ...(tool === undefined ? [] : [{ name: say('ui.output.tool'), value: <HostileText text={tool} max={80} /> }]),
    ...(atHandset === undefined
      ? []
      : [{ name: say('ui.output.at-handset'), value: <HostileText text={atHandset} /> }]),
  ];
}
