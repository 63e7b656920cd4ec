import type { Page } from '@playwright/test';

/** Names of programs, products and parties, and the words of formats, protocols and commands: the same in every language. */
const names = new Set(
  `Handsight Electron Chromium Node Android Xiaomi MIUI Wireshark Redmi English DEVELOPMENT
   adb tcpdump logcat dropbox getprop dumpsys HyperOS root pcap pcapng gzip UTC`.split(/\s+/),
);

/** A word of a language, and not a host name, path, setting, version, hash, abbreviation or identifier. */
function isWord(token: string): boolean {
  return /^[A-Za-z][a-z]{2,}([’'-][a-z]+)*$/.test(token) && !names.has(token);
}

/**
 * Latin words that a person sees in the page, outside of what is evidence (monospaced: commands, bytes, names of packages).
 * What the catalogue translates must not be among them.
 */
export async function leftInEnglish(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (element === null || element.closest('code, .mono, [lang="en"], datalist, script, style') !== null) continue;
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      found.push(node.textContent ?? '');
    }
    return found;
  });
  const words = texts.flatMap((text) =>
    text
      .split(/[\s\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]+/)
      .map((token) => token.replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, ''))
      .filter(isWord)
      .map((token) => `${token} (${text.trim().slice(0, 60)})`),
  );
  return [...new Set(words)];
}
