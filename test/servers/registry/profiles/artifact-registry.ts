import { Refusal } from '../answer';
import { isUploadPart, type Profile } from '../profile';
import { repositoryOf } from '../route';

interface ArtifactRegistryOptions {
  /** From `gcloud auth print-access-token`; the user is always `oauth2accesstoken`. */
  readonly accessToken: string;
  /** `project/repository`, each made beforehand; the images in them are not. */
  readonly repositories: readonly string[];
  /** Images whose repository this account may not read. */
  readonly foreignImages?: readonly string[];
}

/**
 * Google's registry.
 * - "You must use monolithic uploads": cloud.google.com/artifact-registry/docs/reference/docker-api, quoted in
 *   dotnet/sdk-container-builds#287; containers/skopeo#1101, kitops-ml/kitops#777. That page leaves open
 *   what one stream with PATCH gets; here it gets nothing, which is the harder case.
 * - Mounts across repositories and projects of a host: google/go-containerregistry#1321, #1846 (202 where the
 *   account may not read the other one).
 * - Token realm `/v2/token` on the same host; repositories are made beforehand: `Repository "x" not found`.
 */
export const artifactRegistry = (options: ArtifactRegistryOptions): Profile => ({
  auth: {
    kind: 'bearer',
    users: { oauth2accesstoken: { password: options.accessToken, mayNotPull: options.foreignImages ?? [] } },
    tokenPath: '/v2/token',
  },
  prepare: exchange => {
    const name = repositoryOf(exchange.url.pathname);
    if (name !== undefined && !options.repositories.some(repository => name.startsWith(`${repository}/`))) {
      throw new Refusal(404, 'NAME_UNKNOWN', `Repository "${name.split('/')[1] ?? name}" not found`);
    }
    if (isUploadPart(exchange)) throw new Refusal(405, 'UNSUPPORTED', 'The operation is unsupported.');
    return exchange;
  },
});
