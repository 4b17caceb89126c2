import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { ClusterClient, KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { onStage } from './deploy.fixture';
import { previewObjects } from './preview';

const objectOf = (apiVersion: string, kind: string): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'train', namespace: 'apps' },
});

/** As Kubernetes words it, with less of the template. */
const TEMPLATE = 'Invalid value: core.PodTemplateSpec{Spec:core.PodSpec{Volumes:nil}}: field is immutable';
const POD_SPEC =
  'Forbidden: pod updates may not change fields other than `spec.containers[*].image`\n  core.PodSpec{\n';

/** The refusal of an object in which the server finds these faults, by path. */
async function refusalOf(object: KubernetesObject, found: Record<string, string>): Promise<ModelpierError> {
  const faults = Object.entries(found).map(([path, message]) => ({ path, message }));
  const error = new ModelpierError('invalid-document', 'apply train: INVALID: core.PodSpec{', { faults });
  let refused: unknown;
  await onStage({}, async ({ cluster }) => {
    const refusing: ClusterClient = {
      ...cluster,
      getObject: () => Promise.resolve(object),
      applyObject: () => Promise.reject(error),
    };
    refused = await previewObjects([object], refusing, { forceConflicts: false }).catch(
      (thrown: unknown) => thrown,
    );
  });
  return refused as ModelpierError;
}

it('tells how to release a Job again, and not its whole template', async () => {
  const { message, hint, faults } = await refusalOf(objectOf('batch/v1', 'Job'), {
    'spec.template': TEMPLATE,
  });
  expect(message).toBe(
    'apply Job/apps/train: INVALID: spec.template cannot be changed once a Job is made; nothing was applied',
  );
  expect(hint).toMatch(/^put the version into its name.*: kubectl delete job train --namespace apps$/);
  expect(faults).toMatchObject([
    { path: 'Job/apps/train spec.template', message: 'cannot be changed once a Job is made' },
  ]);
});

it('tells it of a Pod, beside what else is wrong', async () => {
  const { message, hint } = await refusalOf(objectOf('v1', 'Pod'), {
    spec: POD_SPEC,
    'metadata.labels': 'Invalid value: "-"',
  });
  expect(message).toBe(
    'apply Pod/apps/train: INVALID: spec cannot be changed once a Pod is made, except for its images; metadata.labels Invalid value: "-"; nothing was applied',
  );
  expect(hint).toMatch(/kubectl delete pod train --namespace apps$/);
});

it('leaves the words of the server on other faults and other kinds', async () => {
  const job = await refusalOf(objectOf('batch/v1', 'Job'), { 'spec.completions': 'Required value' });
  const claim = await refusalOf(objectOf('v1', 'PersistentVolumeClaim'), { spec: TEMPLATE });
  for (const { message, hint } of [job, claim]) {
    expect(message).toBe('apply train: INVALID: core.PodSpec{; nothing was applied');
    expect(hint).toBeUndefined();
  }
});
