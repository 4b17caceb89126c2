import type { Pod } from '@modelpier/backstage-plugin-modelpier-common';

/** Where one of these containers serves HTTP, as far as its ports say: the one of that name, else the first that may. */
export function modelPort({ spec }: Pod, containers: readonly string[]): number | undefined {
  const streams = spec.containers
    .filter(({ name }) => containers.includes(name))
    .flatMap(({ ports = [] }) => ports)
    .filter(({ protocol = 'TCP' }) => protocol === 'TCP');
  const named = streams.find(({ name = '' }) => /^http(-|$)/.test(name));
  return (named ?? streams[0])?.containerPort;
}
