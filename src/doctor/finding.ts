/** What a check found, in plain words. */
export interface Finding {
  readonly level: 'ok' | 'skipped' | 'warning' | 'error';
  readonly text: string;
}

export const ok = (text: string): Finding => ({ level: 'ok', text });
/** Nothing was looked at, because a setting is missing that is reported elsewhere. */
export const skipped = (setting: string): Finding => ({
  level: 'skipped',
  text: `Nothing was looked at, because ${setting} is missing or wrong.`,
});
export const warning = (text: string): Finding => ({ level: 'warning', text });
export const error = (text: string): Finding => ({ level: 'error', text });

/** One area of the report. */
export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

const COLUMNS = 100;
const INDENT = ' '.repeat(11);

/** Writes the report that the operator reads. */
export function reportOf(sections: readonly Section[]): string {
  const all = sections.flatMap((it) => it.findings);
  const count = (level: Finding['level'], name: string): string => {
    const n = all.filter((it) => it.level === level).length;
    return `${n || 'no'} ${name}${n === 1 ? '' : 's'}`;
  };
  const result = `${count('error', 'error')}, ${count('warning', 'warning')}`;
  return [
    ...sections.map(({ title, findings }) => [title, ...findings.map(lineOf)].join('\n')),
    `${result[0]!.toUpperCase()}${result.slice(1)}.`,
  ].join('\n\n');
}

const lineOf = ({ level, text }: Finding): string =>
  `  ${(level === 'ok' || level === 'skipped' ? level : level.toUpperCase()).padEnd(INDENT.length - 2)}${wrap(text)}`;

function wrap(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line && line.length + word.length >= COLUMNS - INDENT.length) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.join(`\n${INDENT}`);
}
