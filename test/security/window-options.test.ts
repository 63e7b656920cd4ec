import { describe, expect, test } from 'vitest';
import { mainWindowOptions, printWindowOptions } from '../../main/shell/window-options.ts';
import { contentSecurityPolicy, responseHeaders } from '../../main/shell/response-headers.ts';

describe('the windows', () => {
  test('the page’s window is as closed as Electron can make it', () => {
    expect(mainWindowOptions('/p/preload.cjs', 'Handsight')).toEqual({
      title: 'Handsight',
      width: 1360,
      height: 880,
      minWidth: 960,
      minHeight: 620,
      show: false,
      backgroundColor: '#f4f6f8',
      autoHideMenuBar: false,
      webPreferences: {
        preload: '/p/preload.cjs',
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webviewTag: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        navigateOnDragDrop: false,
        safeDialogs: true,
        spellcheck: false,
        enableWebSQL: false,
        devTools: false,
      },
    });
  });

  test('the printing window runs no script and has no preload', () => {
    expect(printWindowOptions('print-1')).toEqual({
      show: false,
      width: 900,
      height: 1200,
      webPreferences: {
        partition: 'print-1',
        javascript: false,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webviewTag: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        enableWebSQL: false,
        devTools: false,
      },
    });
  });
});

describe('the page’s policy', () => {
  const directives = new Map(
    contentSecurityPolicy.split('; ').map((part) => {
      const [name = '', ...values] = part.split(' ');
      return [name, values.join(' ')] as const;
    }),
  );

  test('allows nothing inline, nothing from text, nothing from elsewhere', () => {
    expect(Object.fromEntries(directives)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' data:",
      'font-src': "'self'",
      'connect-src': "'none'",
      'worker-src': "'none'",
      'object-src': "'none'",
      'frame-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': "'none'",
    });
    expect(contentSecurityPolicy).not.toMatch(/unsafe|https?:|\*|blob:/);
  });

  test('goes out with every answer', () => {
    expect(responseHeaders['Content-Security-Policy']).toBe(contentSecurityPolicy);
    expect(responseHeaders['X-Content-Type-Options']).toBe('nosniff');
  });
});
