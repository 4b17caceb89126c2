import { parse } from 'yaml';
import { mergePatch } from '../apply/merge';
import type { ObjectMetadata, StoredObject } from '../object';
import { badRequest, invalid, notFound, Refused } from '../refused';
import { inVersion, type Writer, type Written } from '../writer';
import { asObject, type Exchange, readBody, sendJson } from './exchange';
import type { Target } from './route';

/** Removes an object and, later, what it owns. */
export type Remover = (target: Target, object: StoredObject) => void;

interface Context {
  readonly writer: Writer;
  readonly remove: Remover;
}

export async function handleObject(context: Context, exchange: Exchange, target: Target): Promise<void> {
  if (exchange.method === 'DELETE') await remove(context, exchange, target);
  else answer(exchange, target, await perform(context, exchange, target));
}

async function perform(context: Context, exchange: Exchange, target: Target): Promise<Written> {
  const { method } = exchange;
  if (method === 'GET') return { object: require(context, target), created: false };
  const body = await readBody(exchange);
  if (method === 'POST') return create(context.writer, exchange, target, body);
  if (method === 'PUT') return replace(context, exchange, target, body);
  if (method === 'PATCH') return patch(context, exchange, target, body);
  throw new Refused(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
  );
}

function answer(exchange: Exchange, target: Target, { object, created }: Written): void {
  sendJson(exchange, created ? 201 : 200, inVersion(target.resource, object, target.version));
}

function require({ writer }: Context, { resource, namespace, name = '' }: Target): StoredObject {
  const object = writer.store.get(resource, namespace, name);
  if (object === undefined) throw notFound(resource.plural, resource.group, name);
  return object;
}

const isDryRun = ({ query }: Exchange): boolean => query.get('dryRun') === 'All';

/** As the real server: the parameter, else the first part of the user agent. */
const managerOf = ({ query, request }: Exchange): string =>
  query.get('fieldManager') ?? (request.headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown';

function located(object: StoredObject, target: Target): StoredObject {
  const { namespace, name } = target;
  const said = object.metadata.namespace;
  if (namespace !== undefined && said !== undefined && said !== namespace) {
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  }
  if (name !== undefined && object.metadata.name !== name) {
    throw badRequest(
      `the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  const metadata = { ...object.metadata, ...(namespace !== undefined && { namespace }) };
  return { ...object, metadata };
}

function create(writer: Writer, exchange: Exchange, target: Target, body: string): Written {
  const object = located(asObject(parseText(body), kindOf(target)), { ...target, name: undefined });
  const options = { manager: managerOf(exchange), dryRun: isDryRun(exchange) };
  return writer.create(target.resource, object, options);
}

function replace(context: Context, exchange: Exchange, target: Target, body: string): Written {
  const live = require(context, target);
  const object = located(asObject(parseText(body), kindOf(target)), target);
  checkVersion(object, live, target);
  const options = { manager: managerOf(exchange), dryRun: isDryRun(exchange) };
  const kept = { status: live.status, ...object };
  return context.writer.replace(target.resource, live, kept, options);
}

function patch(context: Context, exchange: Exchange, target: Target, body: string): Written {
  const type = (exchange.request.headers['content-type'] ?? '').split(';')[0];
  const options = { manager: managerOf(exchange), dryRun: isDryRun(exchange) };
  if (type === 'application/apply-patch+yaml') return apply(context.writer, exchange, target, body);
  if (type !== 'application/merge-patch+json' && type !== 'application/strategic-merge-patch+json') {
    throw new Refused(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format: ${type ?? ''}`,
    );
  }
  const live = require(context, target);
  const patched = mergePatch(live, parseText(body)) as StoredObject;
  checkVersion(patched, live, target);
  return context.writer.replace(target.resource, live, patched, options);
}

function apply(writer: Writer, exchange: Exchange, target: Target, body: string): Written {
  const manager = exchange.query.get('fieldManager') ?? '';
  if (manager === '') {
    const cause = {
      reason: 'FieldValueRequired',
      message: 'Required value: is required for apply patch',
      field: 'fieldManager',
    };
    throw invalid({ kind: 'PatchOptions', group: 'meta.k8s.io', name: '' }, [cause]);
  }
  const object = located(asObject(parseText(body), kindOf(target)), target);
  if (object.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  const live = writer.store.get(target.resource, target.namespace, target.name ?? '');
  // A version of an object that is gone is passed over, and the object made anew.
  if (live !== undefined) checkVersion(object, live, target);
  const force = exchange.query.get('force') === 'true';
  return writer.apply(target.resource, object, { manager, force, dryRun: isDryRun(exchange) });
}

interface DeleteOptions {
  readonly preconditions?: { readonly uid?: string };
}

async function remove(context: Context, exchange: Exchange, target: Target): Promise<void> {
  const object = require(context, target);
  const { preconditions } = (parseText(await readBody(exchange)) ?? {}) as DeleteOptions;
  if (preconditions?.uid !== undefined && preconditions.uid !== object.metadata.uid)
    throw another(object, target);
  if (!isDryRun(exchange)) context.remove(target, object);
  const { name, uid } = object.metadata;
  const details = { name, kind: target.resource.plural, uid };
  sendJson(exchange, 200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

const kindOf = ({ apiVersion, resource }: Target): { apiVersion: string; kind: string } => ({
  apiVersion,
  kind: resource.kind,
});

/** YAML contains JSON. */
function parseText(body: string): unknown {
  try {
    return parse(body) as unknown;
  } catch (error) {
    throw badRequest(`error decoding the body: ${String(error).split('\n')[0] ?? ''}`);
  }
}

/** Without a version a write is unconditional. */
function checkVersion({ metadata }: StoredObject, live: StoredObject, target: Target): void {
  const { resourceVersion = '' } = metadata as Partial<ObjectMetadata>;
  if (resourceVersion !== '' && resourceVersion !== live.metadata.resourceVersion) throw stale(target);
}

const another = ({ metadata: { uid } }: StoredObject, { resource, name = '' }: Target): Refused =>
  new Refused(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resource.plural} "${name}": the UID in the precondition does not match the UID in record: ${uid}`,
    { name, kind: resource.plural },
  );

const stale = ({ resource, name = '' }: Target): Refused =>
  new Refused(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resource.plural} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    { name, kind: resource.plural },
  );
