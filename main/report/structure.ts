import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import { bothTimes } from './instants.ts';
import type { Words } from './words.ts';

/** A chapter of the report; contents and anchors follow from it. */
export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

export function chapterMarkup(chapter: Chapter, number: number): Markup {
  return html`<section class="chapter" id="${chapter.id}" aria-labelledby="${chapter.id}-title">
    <h2 id="${chapter.id}-title">${number}. ${chapter.title}</h2>
    ${chapter.body}
  </section>`;
}

export function contents(chapters: readonly Chapter[], words: Words): Markup {
  return html`<nav class="contents" aria-label="${words('report.contents')}">
    <h2>${words('report.contents')}</h2>
    <ol>
      ${chapters.map((one) => html`<li><a href="#${one.id}">${one.title}</a></li>`)}
    </ol>
  </nav>`;
}

/** UTC as the evidence has it, with the local time under it. */
export function time(at: string | null, words: Words): Markup {
  if (at === null) return html`–`;
  const both = bothTimes(at, words.lang);
  return html`<span class="utc">${both.utc}</span><br /><span class="soft utc">${both.local}</span>`;
}

/** Both times on one line. */
export function timeLine(at: string, words: Words): string {
  const both = bothTimes(at, words.lang);
  return both.local === '' ? both.utc : `${both.utc} · ${both.localNamed}`;
}

export function entry(name: string, value: string | Markup): Markup {
  return html`<dt>${name}</dt>
    <dd>${value}</dd> `;
}

/** Links to exhibits in the manifest. */
export function exhibitLink(id: string): Markup {
  return /^E\d{3,}$/.test(id) ? html`<a href="#${id}">${id}</a>` : html`${id}`;
}

/** Text in which exhibit and finding numbers become links. */
export function linked(text: string): Markup {
  const parts = text.split(/\b([EF]\d{3,})\b/);
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<a href="#${part}">${part}</a>` : html`${part}`))}`;
}

export function figure(value: number, words: Words): string {
  return value.toLocaleString(words.lang === 'en' ? 'en-US' : 'zh-TW');
}
