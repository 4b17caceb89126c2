import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';

/** The newest of the versions that the cluster serves; `hint` says how to do without. */
export function newestServed(
  kind: string,
  known: readonly string[],
  { served, hint }: { readonly served: readonly string[]; readonly hint: string },
): string {
  const version = known.find(candidate => served.includes(candidate));
  if (version !== undefined) return version;
  const group = known[0]?.split('/')[0] ?? '';
  const others = served.filter(candidate => candidate.startsWith(`${group}/`));
  throw new ModelpierError(
    'not-served',
    `generate ${kind}: the cluster serves ${others.length === 0 ? `nothing of ${group}` : others.join(', ')}, not ${known.join(' or ')}`,
    { hint: `${hint}, or bring manifests of your own` },
  );
}
