import { describe, expect, it } from 'vitest';
import { parseLine, pidMark, statusMark } from '../../handset-simulator/shell/parse-line.ts';

function words(line: string): readonly (readonly string[])[] {
  const parsed = parseLine(line);
  if (!parsed.ok) throw new Error(parsed.near);
  return parsed.commands.map((command) => command.words);
}

describe('command lines', () => {
  it('split into commands and words', () => {
    expect(words(`a 'b c' "d e"; f && g || h`)).toEqual([['a', 'b c', 'd e'], ['f'], ['g'], ['h']]);
    expect(words('cat /proc/net/{tcp,udp}')).toEqual([['cat', '/proc/net/tcp', '/proc/net/udp']]);
    expect(words(`echo '{a,b}'`)).toEqual([['echo', '{a,b}']]);
    expect(words(`content query --where "name='x'"`)).toEqual([['content', 'query', '--where', "name='x'"]]);
    expect(words('echo $$ $? a#b # rest')).toEqual([['echo', pidMark, statusMark, 'a#b']]);
    expect(words(`echo '$$'`)).toEqual([['echo', '$$']]);
  });

  it('keep redirections apart', () => {
    const parsed = parseLine('echo PID $$ >&2; cat a 2>/dev/null > /data/local/tmp/b; ls 2>&1');
    if (!parsed.ok) throw new Error(parsed.near);
    expect(parsed.commands.map(({ stdout, stderr }) => [stdout, stderr])).toEqual([
      [{ to: 'stderr' }, { to: 'stderr' }],
      [{ to: 'file', path: '/data/local/tmp/b', append: false }, { to: 'nowhere' }],
      [{ to: 'stdout' }, { to: 'stdout' }],
    ]);
    expect(words('exec2>x y')).toEqual([['exec2', 'y']]);
  });

  it('refuse what a handset of paper cannot do', () => {
    for (const line of ['a | b', 'a & b', '(a)', 'a < b', "a 'b", 'a >']) expect(parseLine(line).ok, line).toBe(false);
  });
});
