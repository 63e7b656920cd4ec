/** What placeholders stand for. A missing name is a bug in the persona and throws. */
export type TemplateValues = Readonly<Record<string, string | boolean>>;

/** How time placeholders are worded: `{{local boot+5}}`, `{{epoch end}}`, `{{epochMs end}}`. */
export type TimeWording = (style: string, moment: string) => string;

const placeholder = /\{\{([^{}]+)\}\}/g;
const condition = /^\{\{(if|unless) ([\w.-]+)\}\}/;

/** Fills `{{name}}`; a line that begins with `{{if name}}` or `{{unless name}}` stays or goes as a whole. */
export function fillTemplate(text: string, values: TemplateValues, time: TimeWording): string {
  const lookUp = (name: string): string | boolean => {
    const value = values[name];
    if (value === undefined) throw new Error(`persona text asks for unknown value {{${name}}}`);
    return value;
  };
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    let rest = line;
    let stays = true;
    for (let match = condition.exec(rest); match !== null; match = condition.exec(rest)) {
      const truth = lookUp(match[2] ?? '');
      const yes = truth !== false && truth !== '';
      stays &&= (match[1] === 'if') === yes;
      rest = rest.slice(match[0].length);
    }
    if (stays) kept.push(rest);
  }
  return kept.join('\n').replace(placeholder, (_whole, inner: string) => {
    const [first = '', second] = inner.trim().split(' ');
    return second === undefined ? String(lookUp(first)) : time(first, second);
  });
}
