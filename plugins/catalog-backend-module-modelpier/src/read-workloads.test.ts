import { type ErrorCode, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { ObjectReader } from '@modelpier/backstage-plugin-modelpier-node';
import { sampleDeployment } from '../../../test/portal/release';
import { readWorkloads } from './read-workloads';

const NAMES = { Deployment: 'mnist', StatefulSet: 'embedder', DaemonSet: 'filter' };
/** Serves one workload of each kind, but those that it refuses. */
const readerWithout = (kinds: readonly string[], code: ErrorCode): Pick<ObjectReader, 'listObjects'> => ({
  listObjects: async function* ({ kind }) {
    await Promise.resolve();
    if (kinds.includes(kind)) throw new ModelpierError(code, `list ${kind}: ${code}`);
    const model = NAMES[kind as keyof typeof NAMES];
    yield {
      ...sampleDeployment({ name: model, model, image: 'ghcr.io/acme/m:1' }),
      kind,
    };
  },
});
const read = async (refused: readonly string[], code: ErrorCode = 'forbidden') => {
  const found = await readWorkloads(readerWithout(refused, code) as ObjectReader, {}, {});
  return found.map(({ name }) => name);
};

it('finds models that every lasting kind of workload serves', async () => {
  expect(await read([])).toEqual(['mnist', 'embedder', 'filter']);
});

it.each(['forbidden', 'not-served'] as const)('does without kinds that are %s', async code => {
  expect(await read(['StatefulSet', 'DaemonSet'], code)).toEqual(['mnist']);
});

it.each([
  ['Deployments are forbidden', ['Deployment'], 'forbidden'],
  ['a kind could not be read', ['StatefulSet'], 'timeout'],
] as const)('fails where %s, so that nothing is taken out of the catalog', async (_, kinds, code) => {
  await expect(read(kinds, code)).rejects.toThrow(code);
});
