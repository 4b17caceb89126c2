import { type ErrorCode, type Fault, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Reply } from './reply';
import { readStatus, type Status, type StatusCause } from './status';

/** Long enough for every fault of a bad manifest, short enough for a log line. */
const MESSAGE_LIMIT = 2_000;

interface Verdict {
  readonly code: ErrorCode;
  readonly text: string;
  readonly hint?: string | undefined;
  readonly faults?: readonly Fault[];
}

/** The error that an answer outside 2xx stands for. */
export function refusal(reply: Reply, act: string): ModelpierError {
  const { code, text, hint, faults } = judge(reply, readStatus(reply.json));
  const message = text.length > MESSAGE_LIMIT ? `${text.slice(0, MESSAGE_LIMIT - 3)}...` : text;
  return new ModelpierError(code, `${act}: ${message}`, { hint, ...(faults && { faults }) });
}

function judge(reply: Reply, status: Status): Verdict {
  const said = status.message ?? `${reply.server} answered ${reply.status} without a reason`;
  if (said.startsWith('failed to create typed patch object')) return undeclared(said);
  if (said.includes('strict decoding error')) return undecodable(said);
  if (reply.status >= 300 && reply.status < 400) return redirected(reply);
  const verdict = VERDICTS[reply.status];
  return (
    verdict?.(said, status, reply) ?? { code: 'upstream', text: `${reasonWord(status, reply)}: ${said}` }
  );
}

const invalid = (said: string, status: Status): Verdict => ({
  code: 'invalid-document',
  text: `INVALID: ${said}`,
  faults: faultsOf(status),
});

const VERDICTS: Partial<Record<number, (said: string, status: Status, reply: Reply) => Verdict>> = {
  400: invalid,
  401: (_said, _status, { server }) => ({
    code: 'unauthorized',
    text: `UNAUTHORIZED: ${server} does not accept the credentials`,
    hint: 'the token or client certificate is missing, wrong or expired: renew the kubeconfig',
  }),
  403: said => ({ code: 'forbidden', text: `FORBIDDEN: ${said}`, hint: permissionHint(said) }),
  404: said => ({ code: 'not-found', text: `NOT_FOUND: ${said}`, hint: absenceHint(said) }),
  409: (said, status) => conflict(status, said),
  413: said => ({ code: 'too-large', text: `TOO_LARGE: ${said}` }),
  422: invalid,
  429: said => ({
    code: 'rate-limited',
    text: `RATE_LIMITED: ${said}`,
    hint: 'the API server is busy: try later',
  }),
};

const causesOf = (status: Status): readonly StatusCause[] => status.details?.causes ?? [];

const faultsOf = (status: Status): Fault[] =>
  causesOf(status).map(({ field, message }) => ({ path: field ?? '', message: message ?? 'is not valid' }));

/** `InternalError` as `INTERNAL_ERROR`, the way registries write their codes. */
const reasonWord = ({ reason }: Status, reply: Reply): string =>
  reason === undefined || reason === ''
    ? `HTTP_${reply.status}`
    : reason.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();

const UNDECLARED = /\.?(?<path>[^\s:]\S*): (?<message>field not declared in schema)/g;

/** Fields that the kind does not have; the server answers 500 without a reason (seen in 1.20). */
const undeclared = (said: string): Verdict => {
  const text = said
    .replace(/^failed to create typed patch object( \([^)]*\))?: /, '')
    .replace(/^errors:\s*/, '')
    .replace(/\s*\n\s*/g, '; ');
  const faults = [...text.matchAll(UNDECLARED)].map(({ groups: { path = '', message = '' } = {} }) => ({
    path,
    message,
  }));
  return {
    code: 'invalid-document',
    text: `INVALID: ${text}`,
    hint: 'check the spelling and the indentation of the field',
    faults: faults.length > 0 ? faults : [{ path: '', message: text }],
  };
};

const STRICT = /(?<message>unknown|duplicate) field "(?<path>(?:[^"\\\\]|\\\\.)*)"/g;

/** How servers from 1.25 on refuse what `fieldValidation=Strict` does not let through. */
const undecodable = (said: string): Verdict => ({
  code: 'invalid-document',
  text: `INVALID: ${said}`,
  hint: 'check the spelling and the indentation of the field',
  faults: [...said.matchAll(STRICT)].map(({ groups: { path = '', message = '' } = {} }) => ({
    path,
    message: `${message} field`,
  })),
});

function redirected(reply: Reply): Verdict {
  return {
    code: 'upstream',
    text: `${reply.server} answered ${reply.status}; redirects are not followed`,
    hint: 'name the API server itself, not a page in front of it',
  };
}

function conflict(status: Status, said: string): Verdict {
  const owned = new Map<string, string[]>();
  for (const cause of causesOf(status)) {
    if (cause.reason !== 'FieldManagerConflict') continue;
    const manager = /conflict with "([^"]*)"/.exec(cause.message ?? '')?.[1] ?? 'another manager';
    owned.set(manager, [...(owned.get(manager) ?? []), cause.field ?? 'an unnamed field']);
  }
  if (owned.size === 0) return { code: 'conflict', text: `${reasonWordOf409(status)}: ${said}` };
  const owners = [...owned].map(([manager, fields]) => `"${manager}" owns ${fields.join(', ')}`);
  return {
    code: 'conflict',
    text: `CONFLICT: ${owners.join('; ')}`,
    hint: 'leave these fields out of the manifest, or take them over with `force-conflicts: true`',
    faults: faultsOf(status),
  };
}

const reasonWordOf409 = (status: Status): string =>
  status.reason === 'AlreadyExists' ? 'ALREADY_EXISTS' : 'CONFLICT';

const CANNOT =
  /User "([^"]*)" cannot (\S+) (?:resource "([^"]*)" in API group "([^"]*)"|path "([^"]*)")(?: in the namespace "([^"]*)")?/;

/** RBAC's sentence, turned into the rule that is missing. */
function permissionHint(said: string): string | undefined {
  const found = CANNOT.exec(said);
  if (found === null) return otherThanRbacHint(said);
  const [, user = '', verb = '', resource = '', group = '', path, namespace] = found;
  const thing = path ?? [resource, group].filter(part => part !== '').join('.');
  const where = namespace === undefined ? 'in a ClusterRole' : `in a Role of namespace "${namespace}"`;
  return `grant ${user} the verb "${verb}" on ${thing} ${where}`;
}

function otherThanRbacHint(said: string): string | undefined {
  if (said.includes('exceeded quota'))
    return 'lower the requests, or raise the ResourceQuota of the namespace';
  if (said.includes('is being terminated')) return 'wait until the namespace is gone, or use another';
  return undefined;
}

const absenceHint = (said: string): string | undefined => {
  const namespace = /^namespaces "([^"]+)" not found/.exec(said)?.[1];
  return namespace === undefined ? undefined : `create the namespace ${namespace} first, or name another`;
};
