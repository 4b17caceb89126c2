import { parseDigest, parseReference } from '@modelpier/backstage-plugin-modelpier-common';
import { readWorkflowRun } from '../github/workflow-run';
import { renderProvenance } from './render-provenance';

const digestOf = (letter: string) => parseDigest(`sha256:${letter.repeat(64)}`);
const ENVIRONMENT = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/digits',
  GITHUB_WORKFLOW_REF: 'acme/digits/.github/workflows/release.yml@refs/heads/main',
  GITHUB_REF: 'refs/tags/v1.0.0',
  GITHUB_SHA: 'c'.repeat(40),
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REPOSITORY_ID: '11',
  GITHUB_REPOSITORY_OWNER_ID: '22',
  GITHUB_RUN_ID: '33',
  GITHUB_RUN_ATTEMPT: '2',
  RUNNER_ENVIRONMENT: 'github-hosted',
};

it('says which run built which image from what', () => {
  const bytes = renderProvenance({
    repository: { registry: 'ghcr.io', path: 'acme/digits' },
    digest: digestOf('a'),
    modelDigest: digestOf('b'),
    bases: [{ reference: parseReference('ghcr.io/acme/torch:2'), digest: digestOf('e') }],
    run: readWorkflowRun(ENVIRONMENT),
  });
  expect(JSON.parse(Buffer.from(bytes).toString('utf8'))).toEqual({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'ghcr.io/acme/digits', digest: { sha256: 'a'.repeat(64) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://actions.github.io/buildtypes/workflow/v1',
        externalParameters: {
          workflow: {
            ref: 'refs/heads/main',
            repository: 'https://github.com/acme/digits',
            path: '.github/workflows/release.yml',
          },
        },
        internalParameters: {
          github: {
            event_name: 'push',
            repository_id: '11',
            repository_owner_id: '22',
            runner_environment: 'github-hosted',
          },
        },
        resolvedDependencies: [
          {
            uri: 'git+https://github.com/acme/digits@refs/tags/v1.0.0',
            digest: { gitCommit: 'c'.repeat(40) },
          },
          {
            uri: 'oci://ghcr.io/acme/torch',
            digest: { sha256: 'e'.repeat(64) },
            annotations: { role: 'base image' },
          },
        ],
      },
      runDetails: {
        builder: { id: 'https://github.com/actions/runner/github-hosted' },
        metadata: { invocationId: 'https://github.com/acme/digits/actions/runs/33/attempts/2' },
        byproducts: [{ name: 'model', digest: { sha256: 'b'.repeat(64) } }],
      },
    },
  });
});

it('says nothing where it is not known what builds', () => {
  const { GITHUB_WORKFLOW_REF: workflow, ...others } = ENVIRONMENT;
  expect(workflow).toBeDefined();
  expect(() => readWorkflowRun(others)).toThrow('it is not known what builds: GITHUB_WORKFLOW_REF');
});
