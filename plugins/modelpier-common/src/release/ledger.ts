import { MANAGED_BY, MANAGED_BY_LABEL, MODEL_LABEL } from '../annotations';
import { ModelpierError } from '../error';
import { type Decoded, list, literal, object, optional, parseWith, record, text } from '../parse/decoder';
import { metadata } from '../workload/metadata';
import { releaseRecord } from './release-record';

/** On the ConfigMap of a ledger: the version of its format. */
export const LEDGER_LABEL = 'modelpier.io/ledger';
export const LEDGER_VERSION = 'v1';
/** The one key of its data. */
export const LEDGER_KEY = 'releases.json';
/** The type of a Secret that keeps the manifests of a release. */
export const STORED_RELEASE_TYPE = 'modelpier.io/release.v1';

/** The releases of one model in one namespace, the newest first. */
export const ledger = object({
  apiVersion: literal('modelpier.io/v1'),
  kind: literal('Ledger'),
  model: text,
  releases: list(releaseRecord),
});
export type Ledger = Decoded<typeof ledger>;

export const emptyLedger = (model: string): Ledger => ({
  apiVersion: 'modelpier.io/v1',
  kind: 'Ledger',
  model,
  releases: [],
});

export const ledgerName = (model: string): string => `modelpier-ledger-${model}`;
export const leaseName = (model: string): string => `modelpier-${model}`;

/** A fixed number of names, so that a Role can name each of them. */
export const storedReleaseName = (model: string, slot: number): string =>
  `modelpier-release-${model}-${slot}`;

/** Labels of everything that is kept about the releases of a model. */
export const ledgerLabels = (model: string): Readonly<Record<string, string>> => ({
  [MANAGED_BY_LABEL]: MANAGED_BY,
  [MODEL_LABEL]: model,
  [LEDGER_LABEL]: LEDGER_VERSION,
});

const configMap = object({ metadata, data: optional(record(text)) });

/** The ledger that a ConfigMap holds. */
export function parseLedger(value: unknown): Ledger {
  const { metadata: its, data = {} } = parseWith(configMap, value, 'ConfigMap of a ledger');
  const what = `ledger ConfigMap/${its.namespace === undefined ? '' : `${its.namespace}/`}${its.name}`;
  const json = data[LEDGER_KEY];
  if (json === undefined) throw unreadable(what, `it has no data key ${LEDGER_KEY}`);
  return parseWith(ledger, parseJson(json, what), what);
}

function parseJson(json: string, what: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    throw unreadable(what, `${LEDGER_KEY} is not JSON`, cause);
  }
}

const unreadable = (what: string, reason: string, cause?: unknown): ModelpierError =>
  new ModelpierError('invalid-document', `${what} is not valid: ${reason}`, { cause });

/** The text under `LEDGER_KEY`: a line for each release, so that `kubectl get -o yaml` can be read. */
export const renderLedger = ({ releases, ...head }: Ledger): string =>
  [
    JSON.stringify({ ...head, releases: [] }).replace(/\[\]\}$/, '['),
    releases.map(release => JSON.stringify(release)).join(',\n'),
    ']}',
  ].join('\n');
