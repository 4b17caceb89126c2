/** What is known of a registry beforehand, where its answers would tell it too late or not at all. */
export interface RegistryTraits {
  /** A larger layer is refused, by some only after all of it was sent. */
  readonly maxLayerBytes?: number;
  /** An upload that takes longer is cut. */
  readonly maxUploadMinutes?: number;
  /** Takes a blob with one PUT, and with nothing else. */
  readonly wholeBlobsOnly?: boolean;
  /** Makes a repository that a push would not make. */
  readonly createRepository?: (path: string) => string;
}

const GIGABYTE = 1_000_000_000;
const MEBIBYTE = 1024 * 1024;

/** By the documentation of the vendors; checked in August 2026. */
const KNOWN: readonly (readonly [RegExp, RegistryTraits])[] = [
  // docs.github.com, "Working with the Container registry": 10 GB a layer, 10 minutes an upload.
  [/^(?:ghcr\.io|containers\.[\w-]+\.ghe\.com)$/, { maxLayerBytes: 10 * GIGABYTE, maxUploadMinutes: 10 }],
  // docs.aws.amazon.com, "Amazon ECR service quotas" and "Creating a repository".
  [
    /^\d{12}\.dkr\.ecr(?:-fips)?\.[\w-]+\.amazonaws\.com(?:\.cn)?$/,
    {
      maxLayerBytes: 52_000 * MEBIBYTE,
      createRepository: path => `aws ecr create-repository --repository-name ${path}`,
    },
  ],
  // docs.aws.amazon.com, "Amazon ECR Public service quotas". The first part of the path is the registry's alias.
  [
    /^public\.ecr\.aws$/,
    {
      maxLayerBytes: 10_000 * MEBIBYTE,
      createRepository: path =>
        `aws ecr-public create-repository --repository-name ${path.replace(/^[^/]+\//, '')}`,
    },
  ],
  // cloud.google.com, "Artifact Registry: Docker API": "You must use monolithic uploads".
  [
    /^[\w-]+-docker\.pkg\.dev$/,
    {
      wholeBlobsOnly: true,
      createRepository: path =>
        `gcloud artifacts repositories create ${path.split('/')[1] ?? path} --repository-format=docker`,
    },
  ],
];

export const traitsOf = (registry: string): RegistryTraits =>
  KNOWN.find(([host]) => host.test(registry))?.[1] ?? {};
