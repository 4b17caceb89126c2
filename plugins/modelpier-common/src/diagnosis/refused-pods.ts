import { parseQuantity, formatQuantity } from '../allocation/quantity';
import { formatObjectRef, type ObjectRef } from '../workload/object-ref';
import { missing } from './configuration';
import type { Finding } from './diagnosis';
import { type Facts, requestField } from './facts';
import { notationOf } from './pod-evidence';

/** What the API server said when a controller tried to make a pod. */
interface Refusal {
  readonly owner: ObjectRef;
  readonly message: string;
  readonly facts: Facts;
}

/** Why a workload gets no pods: the API server refuses each one. */
export function refusedPods({ owner, message, facts }: Refusal): Finding {
  const said = message
    .replace(/^(?:\(combined from similar events\): )?Error creating: /, '')
    .replace(/^(?:pods|Pod) "[^"]*" is (?:forbidden|invalid): /, '');
  const refusal = { owner, message: said, facts };
  return (
    exceededQuota(refusal) ??
    limitRange(refusal) ??
    podSecurity(refusal) ??
    noServiceAccount(refusal) ??
    otherwise(refusal)
  );
}

const who = ({ owner }: Refusal): string => `the pods of ${formatObjectRef(owner)} are refused`;

const EXCEEDED = /exceeded quota: (\S+), requested: (\S+), used: (\S+), limited: (\S+)/;
const UNSPECIFIED = /failed quota: (\S+): must specify (.+)$/;

function exceededQuota(refusal: Refusal): Finding | undefined {
  const { message, facts } = refusal;
  const [, undeclaredIn, undeclared] = UNSPECIFIED.exec(message) ?? [];
  if (undeclared !== undefined) {
    return {
      cause: 'quota',
      explanation: `${who(refusal)}: quota ${undeclaredIn ?? ''} demands that every container says ${undeclared.replace(/,/g, ', ')}`,
      fix: `set ${undeclared
        .split(/[,; ]+/)
        .filter(each => each.includes('.'))
        .map(each => `\`resources.${each}\``)
        .join(', ')}, or give the namespace defaults (LimitRange)`,
    };
  }
  const [, quota, requested, used, limited] = EXCEEDED.exec(message) ?? [];
  if (quota === undefined) return undefined;
  const [asked, taken, hard] = [amountsOf(requested), amountsOf(used), amountsOf(limited)];
  const names = [...hard.keys()];
  const told = names.map(
    name =>
      `it allows ${hard.get(name) ?? ''} of ${name}, ${taken.get(name) ?? ''} is used and one pod asks for ${asked.get(name) ?? ''}`,
  );
  const fixes = names.map(name =>
    lower(name, { left: leftOf(hard.get(name), taken.get(name), name), facts }),
  );
  return {
    cause: 'quota',
    explanation: `${who(refusal)}: quota ${quota} would be exceeded: ${told.join('; ')}`,
    fix: `${fixes.join(' and ')}, or have the quota raised`,
  };
}

const amountsOf = (text = ''): ReadonlyMap<string, string> =>
  new Map(text.split(',').map(pair => pair.split('=') as [string, string]));

function leftOf(hard: string | undefined, used: string | undefined, name: string): string | undefined {
  if (hard === undefined || used === undefined) return undefined;
  const nano = parseQuantity(hard).nano - parseQuantity(used).nano;
  return nano <= 0n ? undefined : formatQuantity({ nano, notation: notationOf(resourceOf(name)) });
}

const resourceOf = (name: string): string => name.replace(/^(?:requests|limits)\./, '');

function lower(
  name: string,
  { left, facts }: { readonly left: string | undefined; readonly facts: Facts },
): string {
  const resource = resourceOf(name);
  if (resource === 'pods' || resource.startsWith('count/')) {
    return `lower ${facts.isGenerated ? '`spec.scaling.replicas`' : '`replicas`'} or remove what is not needed`;
  }
  const isLimit = name.startsWith('limits.');
  const field = facts.isGenerated
    ? requestField(resource, { facts })
    : `resources.${isLimit ? 'limits' : 'requests'}.${resource}`;
  return `lower \`${field}\`${left === undefined ? '' : ` (${left} is left for all new pods together)`}`;
}

const BOUNDS =
  /(?<bound>minimum|maximum) (?<resource>\S+) usage per (?<scope>Container|Pod) is (?<allowed>\S+?)(?:, but (?<side>request|limit) is (?<given>\S+?)|\.\s*No (?<unset>request|limit) is specified)(?=[\s,\]]|$)/;

function limitRange(refusal: Refusal): Finding | undefined {
  const { message, facts } = refusal;
  const by = `${who(refusal)} by the namespace's LimitRange`;
  if (/max limit to request ratio per/.test(message)) {
    return {
      cause: 'limit-range',
      explanation: `${by}: ${message}`,
      fix: 'bring requests and limits closer together',
    };
  }
  const { groups } = BOUNDS.exec(message) ?? {};
  if (groups === undefined) return undefined;
  const { bound, resource = '', scope = '', allowed, given, side = groups['unset'] ?? '' } = groups;
  const field = facts.isGenerated ? requestField(resource, { facts }) : `resources.${side}s.${resource}`;
  return {
    cause: 'limit-range',
    explanation: `${by}: the ${bound} ${resource} ${side} per ${scope.toLowerCase()} is ${allowed}, and this one ${given === undefined ? 'states none' : `has ${given}`}`,
    fix: `set \`${field}\` to ${bound === 'minimum' ? 'at least' : 'at most'} ${allowed}, or have the LimitRange changed`,
    field,
  };
}

const MUST_SET = /must (?:not )?set ([^)]+)\)/g;

function podSecurity(refusal: Refusal): Finding | undefined {
  const { message } = refusal;
  const level = /violates PodSecurity "([^"]+)"/.exec(message)?.[1];
  if (level === undefined) {
    if (!/PodSecurityPolicy|SecurityContextConstraint|security context constraint/.test(message))
      return undefined;
    return {
      cause: 'security-refused',
      explanation: `${who(refusal)}: ${message}`,
      fix: 'set the `securityContext` that the policy asks for',
    };
  }
  const settings = [...message.matchAll(MUST_SET)].map(
    match => match[1]?.replace(/ (?:in|to) .*$/, '') ?? '',
  );
  return {
    cause: 'security-refused',
    explanation: `${who(refusal)} by the namespace's Pod Security Standard ${level}: ${message.replace(/^violates PodSecurity "[^"]+": /, '')}`,
    fix:
      settings.length === 0
        ? 'correct the `securityContext` as the message says'
        : `set ${[...new Set(settings)].map(each => `\`${each}\``).join(', ')}`,
  };
}

function noServiceAccount(refusal: Refusal): Finding | undefined {
  if (!/service ?account/i.test(refusal.message)) return undefined;
  const found = missing(`the pods of ${formatObjectRef(refusal.owner)}`, refusal.message);
  return found === undefined
    ? undefined
    : { ...found, cause: 'no-service-account', explanation: found.explanation.replace(/ needs /, ' need ') };
}

function otherwise(refusal: Refusal): Finding {
  const webhook = /admission webhook "([^"]+)" denied the request: (.*)$/.exec(refusal.message);
  const by = webhook === null ? '' : ` by the admission webhook ${webhook[1] ?? ''}`;
  return {
    cause: 'admission',
    explanation: `${who(refusal)}${by}: ${webhook?.[2] ?? refusal.message}`,
    fix:
      webhook === null
        ? 'correct what the API server refuses'
        : 'meet the policy, or ask who runs the webhook',
  };
}
