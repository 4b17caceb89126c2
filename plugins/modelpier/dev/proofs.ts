import {
  type ModelAnswer,
  type ModelFacts,
  type Referrer,
  type VersionDetail,
} from '@modelpier/backstage-plugin-modelpier-common';
import { digestOf } from './digests';
import { HOUR, type Moment } from './world';

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** A signature, the provenance of a run and a list of what is in the image. */
export const referrersOf = (version: string, { ago }: Moment): readonly Referrer[] =>
  (
    [
      ['signature', BUNDLE],
      ['attestation', BUNDLE],
      ['sbom', 'application/vnd.cyclonedx+json'],
    ] as const
  ).map(([kind, artifactType]) => ({
    kind,
    artifactType,
    name: digestOf(`${kind}-${version}`),
    firstSeenAt: ago(HOUR),
  }));

const x = { name: 'x', datatype: 'FP32', shape: [-1, 784] };
const logits = { name: 'logits', datatype: 'FP32', shape: [-1, 10] };

/** What the files of the perceptron say; `model.yaml` promises another type of input. */
export const PROOFS: Pick<Required<VersionDetail>, 'facts' | 'call'> = {
  facts: {
    format: 'torchscript',
    producer: 'pytorch 1.13.1',
    inputs: [x],
    outputs: [logits],
    operators: ['aten::linear', 'aten::relu', 'prim::GetAttr'],
    tensors: 4,
    parameters: 101_770,
    datatypes: { FP32: 101_770 },
    sizeBytes: 411_648,
  } satisfies ModelFacts,
  call: { model: 'mnist-mlp', inputs: [{ ...x, datatype: 'INT64' }], outputs: [logits] },
};

/** Workflows that can be started. */
export const WAYS: NonNullable<ModelAnswer['ways']> = {
  rollback: { workflow: 'rollback.yml', reason: null, repository: 'acme/mnist-mlp', ref: 'main' },
  promote: { workflow: 'promote.yml', reason: null, repository: 'acme/mnist-mlp', ref: 'main' },
};
