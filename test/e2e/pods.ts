import { kubectlJson } from './kubectl';
import { NAMESPACE } from './real';

export interface RunningPod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly spec: {
    readonly containers: readonly {
      readonly resources: { readonly requests: Readonly<Record<string, string>> };
    }[];
  };
  readonly status: {
    readonly podIP: string;
    readonly phase: string;
    readonly containerStatuses?: readonly { readonly ready: boolean; readonly imageID: string }[];
  };
}

/** The model's pods that are ready, by name; one that is leaving answers still, but serves nobody. */
export async function readyPods(): Promise<readonly RunningPod[]> {
  const { items } = await kubectlJson<{ readonly items: readonly RunningPod[] }>(
    '-n',
    NAMESPACE,
    'get',
    'pods',
    '-l',
    'modelpier.io/model=mnist-mlp',
  );
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ status }) => status.containerStatuses?.every(({ ready }) => ready) ?? false)
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}
