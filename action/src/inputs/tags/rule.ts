import { expressionsOf, isDateFormat, render } from './expression';
import { readSemver } from './semver';

/** What a rule makes tags from, each with its place among the others (docker/metadata-action, "tags input"). */
const PRIORITIES = { schedule: 1000, semver: 900, edge: 700, ref: 600, raw: 200, sha: 100 } as const;
type RuleType = keyof typeof PRIORITIES;

interface Common {
  /** `true`, `false` or expressions that give one of them. */
  readonly enable: string;
  readonly priority: number;
  readonly prefix: string;
  readonly suffix: string;
}

/** A line of `tags`, as docker/metadata-action has it. */
export type TagRule = Common &
  (
    | { readonly type: 'schedule'; readonly pattern: string }
    | { readonly type: 'semver'; readonly pattern: string; readonly value: string | undefined }
    | { readonly type: 'edge'; readonly branch: string | undefined }
    | { readonly type: 'ref'; readonly event: RefEvent }
    | { readonly type: 'raw'; readonly value: string }
    | { readonly type: 'sha'; readonly format: 'short' | 'long' }
  );

const REF_EVENTS = ['branch', 'tag', 'pr'] as const;
type RefEvent = (typeof REF_EVENTS)[number];

const COMMON = ['type', 'enable', 'priority', 'prefix', 'suffix'];
const ATTRIBUTES: Readonly<Record<RuleType, readonly string[]>> = {
  schedule: ['pattern'],
  semver: ['pattern', 'value'],
  edge: ['branch'],
  ref: ['event'],
  raw: ['value'],
  sha: ['format'],
};

/** Whether the items of a line are attributes of one rule; else each is a tag. */
export const isRule = (items: readonly string[]): boolean => items.some(item => item.includes('='));

/** A tag that stands for itself. */
export const plainRule = (value: string): TagRule => ({ ...commonOf('raw', new Map()), type: 'raw', value });

type Attributes = ReadonlyMap<string, string>;

/** A rule from the items of its line; every fault goes to `onFault`, and then there is no rule. */
export function readRule(items: readonly string[], onFault: (fault: string) => void): TagRule | undefined {
  const faults: string[] = [];
  const refuse = (fault: string): void => {
    faults.push(fault);
    onFault(`${items.join(',')}: ${fault}`);
  };
  const attributes = readAttributes(items, refuse);
  const type = typeOf(attributes, refuse);
  if (type === undefined) return undefined;
  for (const name of attributes.keys()) {
    const known = [...COMMON, ...ATTRIBUTES[type]];
    if (!known.includes(name)) refuse(`type=${type} has no attribute ${name}; it has ${known.join(', ')}`);
  }
  checkCommon(attributes, refuse);
  const rule = READERS[type](attributes, refuse);
  return faults.length === 0 && rule !== undefined ? { ...commonOf(type, attributes), ...rule } : undefined;
}

type Refuse = (fault: string) => void;

function readAttributes(items: readonly string[], refuse: Refuse): Attributes {
  const attributes = new Map<string, string>();
  for (const item of items) {
    const equals = item.indexOf('=');
    const name = equals === -1 ? 'value' : item.slice(0, equals).trim().toLowerCase();
    if (attributes.has(name)) refuse(`has ${name} twice; one rule is one line`);
    attributes.set(name, item.slice(equals + 1).trim());
  }
  return attributes;
}

function typeOf(attributes: Attributes, refuse: Refuse): RuleType | undefined {
  const given = attributes.get('type') ?? 'raw';
  const type = (Object.keys(PRIORITIES) as RuleType[]).find(known => known === given);
  if (type === undefined) {
    refuse(`type=${given} is not served; served are ${Object.keys(PRIORITIES).join(', ')}`);
  }
  return type;
}

function checkCommon(attributes: Attributes, refuse: Refuse): void {
  const enable = attributes.get('enable') ?? 'true';
  if (!enable.includes('{{') && enable !== 'true' && enable !== 'false') {
    refuse(`enable=${enable} is neither true nor false`);
  }
  const priority = attributes.get('priority') ?? '0';
  if (!/^-?\d{1,6}$/.test(priority)) refuse(`priority=${priority} is no whole number`);
  for (const name of ['enable', 'prefix', 'suffix', 'value']) {
    checkExpressions(attributes.get(name) ?? '', GLOBAL, refuse);
  }
}

const commonOf = (type: RuleType, attributes: Attributes): Common => ({
  enable: attributes.get('enable') ?? 'true',
  priority: Number(attributes.get('priority') ?? PRIORITIES[type]),
  prefix: attributes.get('prefix') ?? defaultPrefix(type, attributes),
  suffix: attributes.get('suffix') ?? '',
});

function defaultPrefix(type: RuleType, attributes: Attributes): string {
  if (type === 'sha') return 'sha-';
  return type === 'ref' && attributes.get('event') === 'pr' ? 'pr-' : '';
}

type Own<T extends RuleType> = Omit<Extract<TagRule, { type: T }>, keyof Common>;
type RuleReader<T extends RuleType> = (attributes: Attributes, refuse: Refuse) => Own<T> | undefined;

/** What each type has of its own. */
const READERS: { readonly [T in RuleType]: RuleReader<T> } = {
  schedule(attributes, refuse) {
    const pattern = attributes.get('pattern') ?? 'nightly';
    checkExpressions(pattern, ['commit_date'], refuse);
    return { type: 'schedule', pattern };
  },
  semver(attributes, refuse) {
    const pattern = attributes.get('pattern') ?? '';
    const value = attributes.get('value') === '' ? undefined : attributes.get('value');
    if (pattern === '') refuse('needs a pattern, such as {{version}} or {{major}}.{{minor}}');
    checkExpressions(pattern, SEMVER, refuse);
    if (value !== undefined && !value.includes('{{') && readSemver(value) === undefined) {
      refuse(`value=${value} is no semantic version, such as 1.2.3`);
    }
    return { type: 'semver', pattern, value };
  },
  edge: attributes => ({ type: 'edge', branch: attributes.get('branch') }),
  ref(attributes, refuse) {
    const event = REF_EVENTS.find(known => known === attributes.get('event'));
    if (event === undefined) refuse('needs event=branch, event=tag or event=pr');
    return event && { type: 'ref', event };
  },
  raw(attributes, refuse) {
    const value = attributes.get('value');
    if (value === undefined) refuse('needs a value');
    return value === undefined ? undefined : { type: 'raw', value };
  },
  sha(attributes, refuse) {
    const format = attributes.get('format') ?? 'short';
    if (format !== 'short' && format !== 'long') {
      refuse(`format=${format} is neither short nor long`);
      return undefined;
    }
    return { type: 'sha', format };
  },
};

const SEMVER = ['raw', 'version', 'major', 'minor', 'patch'];
const GLOBAL = ['branch', 'tag', 'sha', 'commit_date', 'is_default_branch', 'is_not_default_branch'];

function checkExpressions(template: string, known: readonly string[], refuse: Refuse): void {
  if (/\{\{|\}\}/.test(render(template, () => '')))
    refuse(`${template} has an expression that is not closed`);
  for (const { whole, name, argument } of expressionsOf(template)) {
    if (name === 'date') {
      refuse(`${whole} is another tag each time the commit is built; write {{commit_date 'YYYYMMDD'}}`);
    } else if (!known.includes(name)) {
      refuse(`${whole} is not served; served are ${known.map(each => `{{${each}}}`).join(', ')}`);
    } else if (name === 'commit_date' && !isDateFormat(argument ?? '')) {
      refuse(`${whole} needs a format in UTC of YYYY, MM, DD, HH, mm and ss: {{commit_date 'YYYYMMDD'}}`);
    } else if (name !== 'commit_date' && argument !== undefined) {
      refuse(`${whole} takes no argument`);
    }
  }
}
