import { kubectlJson } from './kubectl';
import { NAMESPACE } from './real';

export interface RunningPod {
  readonly metadata: { readonly name: string };
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

/** The model's pods that are ready, by name. */
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
    .filter(({ status }) => status.containerStatuses?.every(({ ready }) => ready) ?? false)
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}
