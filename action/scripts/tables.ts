import { parse } from 'yaml';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

/** The README with its two tables as `action.yml` has them. */
export function withTables(readme: string, actionYaml: string): string {
  const { inputs, outputs } = parse(actionYaml) as Action;
  const inputRows = Object.entries(inputs).map(
    ([name, { description, default: value }]) =>
      `| \`${name}\` | ${cell(description)} | ${value === undefined ? '' : `\`${value}\``} |`,
  );
  const outputRows = Object.entries(outputs).map(
    ([name, { description }]) => `| \`${name}\` | ${cell(description)} |`,
  );
  return between(
    between(readme, 'inputs', ['| input | what it does | default |', '| --- | --- | --- |', ...inputRows]),
    'outputs',
    ['| output | what it holds |', '| --- | --- |', ...outputRows],
  );
}

const cell = (text: string): string => text.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|');

function between(readme: string, name: string, lines: readonly string[]): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [head, rest] = readme.split(start);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`README.md has no ${start} ... ${end}`);
  return `${head}${start}\n\n${lines.join('\n')}\n\n${end}${tail}`;
}
