import { tmpdir } from 'node:os';
import { anonymous, type ClusterClient, createRegistry } from '@modelpier/backstage-plugin-modelpier-node';
import { readContext } from './github/context';
import { readInputs } from './inputs/inputs';
import { runAction } from './main';
import { Recorder } from './report/recorder';
import { fastClock } from './rollout/deploy.fixture';

export interface RunGiven {
  /** By name; the mode among them. */
  readonly inputs: Readonly<Record<string, string>>;
  /** With `model.yaml` and what it names. */
  readonly workspace: string;
  readonly cluster: ClusterClient;
  /** Of the lease. */
  readonly holder: string;
}

/** One run that needs a cluster and neither a registry nor a tool; a failure is in what it recorded. */
export async function runOnCluster({ inputs, workspace, cluster, holder }: RunGiven): Promise<Recorder> {
  const context = readContext(
    { GITHUB_EVENT_NAME: 'push', GITHUB_WORKSPACE: workspace },
    { cwd: workspace, tmp: tmpdir() },
  );
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const recorder = new Recorder({ mode: 'deploy', startedAt: new Date(0), run: {} });
  const registry = createRegistry({ credentials: anonymous });
  try {
    await runAction({
      inputs: readInputs(Object.fromEntries(given) as Record<string, string>, context),
      context,
      recorder,
      ports: {
        registry,
        machine: {
          run: unused,
          temporaryFolder: workspace,
          dockerConfigFolder: workspace,
          credentials: anonymous,
          isPlain: () => true,
        },
        hasCluster: true,
        connect: () => Promise.resolve(cluster),
        clock: fastClock,
        holder,
        onRecorded: nothing,
        onContainer: nothing,
        renderFolder: unused,
        identityToken: undefined,
        attest: unused,
        commitTime: unused,
        workflowRun: () => {
          throw new Error('a deploy proves nothing');
        },
        tell: silent,
        signal: new AbortController().signal,
      },
    });
  } catch (error) {
    recorder.failure(error);
  } finally {
    await registry.close();
  }
  return recorder;
}

const unused = (): Promise<never> => Promise.reject(new Error('a deploy builds nothing'));
const nothing = (): void => undefined;
const silent = {
  phase: <T>(_: string, work: () => Promise<T>): Promise<T> => work(),
  build: nothing,
  rollout: nothing,
  text: nothing,
  note: nothing,
  failure: nothing,
  deploying: () => Promise.resolve(),
};
