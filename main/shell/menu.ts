import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { WindowEvent } from '../../shared/contract/window.ts';
import type { Say } from './words.ts';

type MenuAction = Extract<WindowEvent, { type: 'menu' }>['action'];

/** The window's menu in the person's language. */
export function setMenu(say: Say, choose: (action: MenuAction) => void): void {
  const entry = (key: string, action: MenuAction, accelerator?: string): MenuItemConstructorOptions => ({
    label: say(key),
    click: () => choose(action),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const template: MenuItemConstructorOptions[] = [
    {
      label: say('ui.menu.file'),
      submenu: [
        entry('ui.menu.new-case', 'new-case', 'CmdOrCtrl+N'),
        entry('ui.menu.open-case', 'open-case', 'CmdOrCtrl+O'),
        { type: 'separator' },
        { role: 'quit', label: say('ui.menu.quit') },
      ],
    },
    {
      label: say('ui.menu.edit'),
      submenu: [
        { role: 'undo', label: say('ui.menu.undo') },
        { role: 'redo', label: say('ui.menu.redo') },
        { type: 'separator' },
        { role: 'cut', label: say('ui.menu.cut') },
        { role: 'copy', label: say('ui.menu.copy') },
        { role: 'paste', label: say('ui.menu.paste') },
        { role: 'selectAll', label: say('ui.menu.select-all') },
      ],
    },
    {
      label: say('ui.menu.view'),
      submenu: [
        { role: 'resetZoom', label: say('ui.menu.actual-size') },
        { role: 'zoomIn', label: say('ui.menu.zoom-in') },
        { role: 'zoomOut', label: say('ui.menu.zoom-out') },
        { type: 'separator' },
        { role: 'togglefullscreen', label: say('ui.menu.full-screen') },
      ],
    },
    { label: say('ui.menu.help'), submenu: [entry('ui.menu.about', 'about')] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
