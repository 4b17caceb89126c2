import {
  type Digest,
  formatRepository,
  type Reference,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { WorkflowRun } from '../github/workflow-run';

export const PROVENANCE_TYPE = 'https://slsa.dev/provenance/v1';
/** slsa-framework.github.io/github-actions-buildtypes, whose parameters are those below. */
const BUILD_TYPE = 'https://actions.github.io/buildtypes/workflow/v1';

export interface ProvenanceSubject {
  readonly repository: Repository;
  readonly digest: Digest;
  readonly modelDigest: Digest;
  readonly bases: readonly { readonly reference: Reference; readonly digest: Digest }[];
  readonly run: WorkflowRun;
}

/** Where an image comes from: an in-toto statement with SLSA provenance v1, by what GitHub says of the run. */
export function renderProvenance({
  repository,
  digest,
  modelDigest,
  bases,
  run,
}: ProvenanceSubject): Uint8Array {
  const { serverUrl, repository: source, workflowRef, ref, commit } = run;
  const [path = '', workflowAt = ref] = workflowRef.slice(source.length + 1).split('@');
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: formatRepository(repository), digest: { sha256: hexOf(digest) } }],
    predicateType: PROVENANCE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: {
          workflow: { ref: workflowAt, repository: `${serverUrl}/${source}`, path },
        },
        internalParameters: {
          github: {
            event_name: run.eventName,
            repository_id: run.repositoryId,
            repository_owner_id: run.ownerId,
            runner_environment: run.runner,
          },
        },
        resolvedDependencies: [
          { uri: `git+${serverUrl}/${source}@${ref}`, digest: { gitCommit: commit } },
          ...bases.map(base => ({
            uri: `oci://${formatRepository(base.reference)}`,
            digest: { sha256: hexOf(base.digest) },
            annotations: { role: 'base image' },
          })),
        ],
      },
      runDetails: {
        builder: { id: `${serverUrl}/actions/runner/${run.runner}` },
        metadata: {
          invocationId: `${serverUrl}/${source}/actions/runs/${run.runId}/attempts/${run.attempt}`,
        },
        byproducts: [{ name: 'model', digest: { sha256: hexOf(modelDigest) } }],
      },
    },
  };
  return Buffer.from(JSON.stringify(statement));
}

const hexOf = (digest: Digest): string => digest.slice('sha256:'.length);
