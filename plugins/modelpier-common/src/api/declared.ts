import { checkFacts, signatureOf } from '../model/check-facts';
import { FORMATS } from '../model/model';
import type { VersionDetail } from './version';

/** Where what `model.yaml` says of a version and what its files record contradict each other. */
export function contradictionsOf({
  version,
  facts,
  call,
}: Pick<VersionDetail, 'facts' | 'call'> & {
  readonly version: Pick<VersionDetail['version'], 'format'>;
}): readonly string[] {
  if (facts === undefined) return [];
  const format = FORMATS.find(name => name === version.format);
  const signature = call && signatureOf(call);
  const { faults, warnings } = checkFacts({ spec: { format, signature } }, facts);
  return [...faults.map(({ path, message }) => `${path} ${message}`), ...warnings];
}
