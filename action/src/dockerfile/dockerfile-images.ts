import type { Texts } from './texts';

/** The images that a Dockerfile names. */
export interface DockerfileImages {
  /** What the last stage stands on; nothing where that is `scratch`, or a variable nobody gave. */
  readonly base: string | undefined;
  /** Every image of another place that a build may pull, the base among them. */
  readonly pulled: readonly string[];
}

interface Stage {
  readonly name: string | undefined;
  readonly from: string | undefined;
}

/**
 * Reads as much of a Dockerfile as it takes to know its images (docs.docker.com, "Dockerfile reference");
 * whatever else stands in it is the builder's to judge.
 */
export function readDockerfileImages(source: string, buildArgs: Texts): DockerfileImages {
  const stages: Stage[] = [];
  const named: (string | undefined)[] = [];
  const variables = new Map<string, string>();
  for (const { keyword, words } of instructionsOf(source)) {
    if (keyword === 'ARG' && stages.length === 0) declare(variables, words, buildArgs);
    if (keyword === 'FROM') {
      const [image, , name] = words.filter(word => !word.startsWith('--'));
      stages.push({ from: image === undefined ? undefined : expand(image, variables), name });
    }
    if (keyword === 'COPY' || keyword === 'RUN') named.push(...words.flatMap(sourceOf));
  }
  const isStage = (name: string): boolean => /^\d+$/.test(name) || stages.some(stage => isNamed(stage, name));
  const pulled = [...stages.map(stageBase(stages)), ...named.filter(name => !isStage(name ?? ''))];
  return {
    base: stages.length === 0 ? undefined : stageBase(stages)(undefined, stages.length - 1),
    pulled: [...new Set(pulled.filter(name => name !== undefined))],
  };
}

const isNamed = ({ name }: Stage, wanted: string): boolean => name?.toLowerCase() === wanted.toLowerCase();

/** Goes down from a stage to the image it is built on in the end. */
const stageBase =
  (stages: readonly Stage[]) =>
  (_: unknown, position: number): string | undefined => {
    for (let at = position; at >= 0;) {
      const { from } = stages[at] ?? { from: undefined };
      if (from === undefined || from === 'scratch') return undefined;
      const below = stages.slice(0, at).findLastIndex(stage => isNamed(stage, from));
      if (below === -1) return from;
      at = below;
    }
    return undefined;
  };

/** `COPY --from=image` and `RUN --mount=from=image`; both may name a stage too. */
function sourceOf(word: string): readonly string[] {
  const copied = /^--from=(.+)$/.exec(word)?.[1];
  const mounted = /^--mount=(?:.*,)?from=([^,]+)/.exec(word)?.[1];
  return [copied, mounted].filter(name => name !== undefined);
}

/** `ARG NAME` and `ARG NAME=value`; what the build was given wins. */
function declare(variables: Map<string, string>, words: readonly string[], buildArgs: Texts): void {
  for (const word of words) {
    const [, name, value] = /^(\w+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) continue;
    const given = buildArgs[name] ?? (value === undefined ? undefined : expand(unquote(value), variables));
    if (given !== undefined) variables.set(name, given);
  }
}

const VARIABLE = /\$(?:(?<plain>\w+)|\{(?<name>\w+)(?::(?<operator>[-+])(?<word>[^}]*))?\})/g;

/** `$NAME`, `${NAME}`, `${NAME:-else}`, `${NAME:+then}`; nothing where a variable has no value. */
function expand(text: string, variables: ReadonlyMap<string, string>): string | undefined {
  const unknown: string[] = [];
  const expanded = text.replace(VARIABLE, (written, ...found: unknown[]) => {
    const { plain, name, operator, word = '' } = found.at(-1) as Record<string, string | undefined>;
    const value = variables.get(plain ?? name ?? '') ?? '';
    if (operator === '+') return value === '' ? '' : word;
    if (value !== '' || operator === '-') return value === '' ? word : value;
    unknown.push(written);
    return '';
  });
  return unknown.length === 0 && expanded !== '' ? expanded : undefined;
}

const unquote = (value: string): string => /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value;

interface Instruction {
  readonly keyword: string;
  readonly words: readonly string[];
}

/** Joins continued lines; leaves out comments and what stands in here-documents. */
function* instructionsOf(source: string): Generator<Instruction, void> {
  const escape = /^(?:#.*\r?\n)*?#\s*escape\s*=\s*`/i.test(source) ? '`' : '\\';
  let continued = '';
  let open: string[] = [];
  for (const line of source.split(/\r?\n/)) {
    if (open.length > 0) {
      if (line.replace(/^\t+/, '') === open[0]) open = open.slice(1);
      continue;
    }
    if (/^\s*#/.test(line) || (continued !== '' && line.trim() === '')) continue;
    const text = line.trimEnd();
    if (text.endsWith(escape)) {
      continued += `${text.slice(0, -1)} `;
      continue;
    }
    const [keyword = '', ...words] = `${continued}${text}`.trim().split(/\s+/);
    continued = '';
    if (/^(?:RUN|COPY|ADD)$/i.test(keyword)) open = hereDocuments(words.join(' '));
    yield { keyword: keyword.toUpperCase(), words };
  }
}

const hereDocuments = (text: string): string[] =>
  [...text.matchAll(/<<-?(["']?)([A-Za-z_]\w*)\1/g)].map(([, , word = '']) => word);
