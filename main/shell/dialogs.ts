import { dialog, type BrowserWindow, type OpenDialogOptions, type SaveDialogOptions } from 'electron';
import { join } from 'node:path';
import type { Dialogs } from '../ipc/ports.ts';
import type { Say } from './words.ts';

export interface DialogContext {
  readonly window: () => BrowserWindow | null;
  readonly say: () => Say;
  readonly casesFolder: () => string;
}

const caseSuffix = '.handsight';

/** Only what every file system takes, so that the proposed name is never the reason of a failure. */
function proposedName(text: string): string {
  const name = text.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
  return name === '' ? 'case' : name.slice(0, 80);
}

// Called as properties of `dialog`, so that an end-to-end test can put its own answer there.
async function open(context: DialogContext, options: OpenDialogOptions): Promise<readonly string[] | null> {
  const window = context.window();
  const answer = window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
  return answer.canceled || answer.filePaths.length === 0 ? null : answer.filePaths;
}

async function save(context: DialogContext, options: SaveDialogOptions): Promise<string | null> {
  const window = context.window();
  const answer = window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
  return answer.canceled || answer.filePath === '' ? null : answer.filePath;
}

/** The system's dialogs, worded in the person's language. */
export function createDialogs(context: DialogContext): Dialogs {
  return {
    async newCase(number) {
      const path = await save(context, {
        title: context.say()('ui.dialog.new-case'),
        defaultPath: join(context.casesFolder(), `${proposedName(number)}${caseSuffix}`),
        buttonLabel: context.say()('ui.dialog.create'),
      });
      if (path === null) return null;
      return path.endsWith(caseSuffix) ? path : `${path}${caseSuffix}`;
    },
    async openCase() {
      const paths = await open(context, {
        title: context.say()('ui.dialog.open-case'),
        defaultPath: context.casesFolder(),
        properties: ['openDirectory'],
      });
      return paths?.[0] ?? null;
    },
    captureFiles: () =>
      open(context, {
        title: context.say()('ui.dialog.captures'),
        properties: ['openFile', 'multiSelections'],
        filters: [
          {
            name: context.say()('ui.dialog.capture-files'),
            extensions: ['pcap', 'pcapng', 'cap', 'gz', 'zst', 'keylog', 'keys', 'log', 'txt'],
          },
          { name: context.say()('ui.dialog.all-files'), extensions: ['*'] },
        ],
      }),
    async outputFile() {
      const paths = await open(context, { title: context.say()('ui.dialog.output'), properties: ['openFile'] });
      return paths?.[0] ?? null;
    },
    async outputFolder() {
      const title = context.say()('ui.dialog.output-folder');
      const paths = await open(context, { title, properties: ['openDirectory'] });
      return paths?.[0] ?? null;
    },
    attachedFiles: () =>
      open(context, { title: context.say()('ui.dialog.attach'), properties: ['openFile', 'multiSelections'] }),
    reportFile: (suggestedName, format) =>
      save(context, {
        title: context.say()('ui.dialog.report'),
        defaultPath: suggestedName,
        filters: [{ name: format.toUpperCase(), extensions: [format] }],
      }),
    async adbProgram() {
      const paths = await open(context, { title: context.say()('ui.dialog.adb'), properties: ['openFile'] });
      return paths?.[0] ?? null;
    },
  };
}
