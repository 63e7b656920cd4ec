import type { Page } from '@playwright/test';

/** Names of programs, products and formats: the same in every language. */
const names = new Set(
  `Handsight Electron Chromium Node Android Xiaomi Wireshark Redmi Google Samsung Huawei Honor OnePlus realme vivo adb tcpdump logcat dropbox root pcap pcapng gzip zstd
   Host ms tcp udp http dns tls xmpp hex body dumpsys getprop androidqf PCAPdroid`.split(/\s+/),
);

/** A word of a language, and not a host name, path, setting, version, hash, abbreviation or identifier. */
function isWord(token: string): boolean {
  return /^[A-Za-z][a-z]+([’'-][a-z]+)*$/.test(token) && !names.has(token);
}

interface Shown {
  readonly text: string;
  /** From a handset, a capture or a person: shown as it is; but a whole phrase there is a sentence of ours. */
  readonly evidence: boolean;
}

function wordsOf(text: string): string[] {
  return text
    .split(/[\s\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]+/)
    .map((token) => token.replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, ''))
    .filter(Boolean);
}

function englishIn({ text, evidence }: Shown): boolean {
  const words = wordsOf(text).map(isWord);
  if (!evidence) return words.includes(true);
  return words.some((word, index) => word && words[index + 1] === true && words[index + 2] === true);
}

/**
 * What a person sees in the page in English. Left out are monospaced texts (commands, bytes, names of packages) and `known`: texts
 * that a person or a handset gave.
 */
export async function leftInEnglish(page: Page, known: readonly (string | RegExp)[]): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: { text: string; evidence: boolean }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (element === null || element.closest('code, .mono, .bytes, [lang="en"], datalist, option') !== null) continue;
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      found.push({ text: (node.textContent ?? '').trim(), evidence: element.closest('.hostile') !== null });
    }
    return found;
  });
  const foreign = (text: string): boolean =>
    known.some((entry) => (typeof entry === 'string' ? text === entry : entry.test(text)));
  return [...new Set(texts.filter((shown) => !foreign(shown.text) && englishIn(shown)).map(({ text }) => text))];
}
