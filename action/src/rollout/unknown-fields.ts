import {
  droppedFields,
  formatFieldPath,
  formatObjectRef,
  hasCode,
  ModelpierError,
  type Schemas,
  type UnknownField,
  unknownFields,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { KubernetesObject, RawReader, Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import type { DeployOptions } from './deploy-options';
import { shownOrigin } from './fault';
import type { Refusal } from './not-applied';
import { refOf } from './object-ref';
import type { Preview } from './preview';
import { readSchemas } from './schemas';

type Options = Waiting & Pick<DeployOptions, 'originOf' | 'onWarning'>;

interface Previewed {
  readonly previews: readonly Preview[];
  readonly refused: readonly Refusal[];
}

/**
 * The refusals with every unknown field in them told, where the server stops at the first few, and one more for each
 * object of which a server that does not check kept only what it knows.
 */
export async function refuseUnknownFields(
  { previews, refused }: Previewed,
  reader: RawReader,
  options: Options,
): Promise<readonly Refusal[]> {
  const dropped = previews.filter(preview => droppedOf(preview).length > 0);
  const invalid = refused.filter(({ error }) => hasCode(error, 'invalid-document'));
  const suspects = [...dropped, ...invalid].map(({ object }) => object);
  if (suspects.length === 0) return refused;
  const schemas = await readSchemas(
    suspects.map(({ apiVersion }) => apiVersion),
    reader,
    options,
  );
  return [
    ...refused.map(refusal => explain(refusal, { schemas, ...options })),
    ...dropped.flatMap(preview => judgeDropped(preview, { schemas, ...options })),
  ];
}

const droppedOf = ({ object, answered }: Preview): ReturnType<typeof droppedFields> =>
  answered === undefined ? [] : droppedFields(object, answered);

type Explaining = Options & { readonly schemas: Schemas };

function explain(refusal: Refusal, { schemas, originOf }: Explaining): Refusal {
  const { object, error } = refusal;
  const unknown = hasCode(error, 'invalid-document') ? (unknownFields(object, schemas) ?? []) : [];
  return unknown.length === 0
    ? refusal
    : { object, error: unknownError(object, unknown, { originOf, error }) };
}

/** A field that its kind has and the server dropped is switched off, or a webhook took it: that is no slip. */
function judgeDropped(preview: Preview, { schemas, originOf, onWarning }: Explaining): readonly Refusal[] {
  const { object } = preview;
  const unknown = unknownFields(object, schemas) ?? [];
  if (unknown.length > 0) return [{ object, error: unknownError(object, unknown, { originOf }) }];
  const paths = droppedOf(preview).map(formatFieldPath).join(', ');
  onWarning?.(
    `${formatObjectRef(refOf(object))}: the cluster does not keep ${paths}${shownOrigin(object, originOf)}: ` +
      'it does not know the field, has it switched off, or a webhook takes it out',
  );
  return [];
}

function unknownError(
  object: KubernetesObject,
  unknown: readonly UnknownField[],
  { originOf, error }: Pick<Options, 'originOf'> & { readonly error?: ModelpierError },
): ModelpierError {
  const faults = unknown.map(({ path, nearest }) => ({
    path: formatFieldPath(path),
    message: `is no field of ${object.kind}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    at: originOf?.(object, path),
  }));
  const lines = faults.map(({ path, message, at }) => {
    const place = at === undefined ? '' : ` (${at.file}:${at.line})`;
    return `${path}${place} ${message}`;
  });
  return new ModelpierError(
    'invalid-document',
    `apply ${formatObjectRef(refOf(object))}: INVALID: ${lines.join(', ')}`,
    { hint: 'check the spelling and the indentation of the field', faults, cause: error },
  );
}
