/**
 * Text with what a reader cannot see as `\uXXXX`: control characters (C0, C1), soft hyphen, direction marks, zero-width and
 * line-separating characters, interlinear annotation. In a JSON document the escapes stand for the same text.
 */
export function escapeHidden(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
