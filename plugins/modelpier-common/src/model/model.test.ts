import { ModelpierError } from '../error';
import { parseModel } from './model';
import { ACCEPTED, COMPLETE, REFUSED, withValue } from './model.fixture';

const faultsOf = (document: unknown): readonly { path: string; message: string }[] => {
  try {
    parseModel(document);
    return [];
  } catch (error) {
    if (error instanceof ModelpierError) return error.faults;
    throw error;
  }
};

it.each(ACCEPTED)('takes %s', (_what, document) => {
  expect(faultsOf(document)).toEqual([]);
});

it.each(REFUSED)('refuses %s = %j: %s', (path, value, message) => {
  const faults = faultsOf(withValue(path, value));
  expect(faults).toHaveLength(1);
  expect(faults[0]?.path.startsWith(path)).toBe(true);
  expect(faults[0]?.message).toContain(message);
});

it.each(['/etc/passwd', '../other', 'a/../../b', 'a\\..\\b', 'C:\\model.pt', '', '..'])(
  'refuses the file %j, which is not below the folder',
  file => {
    expect(faultsOf(withValue('spec.files', ['model.pt', file]))).toEqual([
      { path: 'spec.files[1]', message: expect.stringContaining("below the model file's folder") as string },
    ]);
  },
);

it('refuses a target for an autoscaler that nobody asked for', () => {
  expect(faultsOf(withValue('spec.scaling', { targetCPU: 70 }))).toEqual([
    {
      path: 'spec.scaling.targetCPU',
      message: 'needs spec.scaling.maxReplicas: without it nothing is scaled',
    },
  ]);
});

it('refuses a dimension below -1, naming it', () => {
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [-1, -2] }];
  expect(faultsOf(withValue('spec.signature.inputs', inputs))[0]).toMatchObject({
    path: 'spec.signature.inputs[0].shape[1]',
  });
});

it('reports all faults at once, each with its path', () => {
  const document = {
    ...COMPLETE,
    metadata: { name: 'X', colour: 'red' },
    spec: { files: ['/a'], resources: { cpu: 'much' }, scaling: { replicas: 0 } },
  };
  expect(faultsOf(document).map(({ path }) => path)).toEqual([
    'metadata.colour',
    'metadata.name',
    'spec.files[0]',
    'spec.resources.cpu',
    'spec.scaling.replicas',
  ]);
});
