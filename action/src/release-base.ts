import type { RolloutEvent } from '@modelpier/backstage-plugin-modelpier-common';
import type { Run } from './main';

/** What every release of a run has in common, whatever it applies. */
export async function releaseBase({ inputs, ports, recorder }: Run, model: string) {
  const { deploy: settings } = inputs;
  const cluster = await ports.connect();
  return {
    ...settings,
    applySet: settings.prune ? model : undefined,
    cluster,
    namespace: settings.namespace ?? cluster.namespace,
    clock: ports.clock,
    holder: ports.holder,
    signal: ports.signal,
    onRecorded: ports.onRecorded,
    onNote: (note: string) => ports.tell.note(note),
    onWarning: (warning: string) => recorder.warning(warning),
    onEvent: (event: RolloutEvent) => ports.tell.rollout(event),
  };
}
