/** Media types of OCI image-spec 1.1 and of Docker's image manifest version 2, schema 2. */
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
export const OCI_LAYER_TAR = 'application/vnd.oci.image.layer.v1.tar';
export const OCI_LAYER_GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';
export const OCI_LAYER_ZSTD = 'application/vnd.oci.image.layer.v1.tar+zstd';
export const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
export const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json';
export const DOCKER_LAYER_GZIP = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
export const DOCKER_LAYER_TAR = 'application/vnd.docker.image.rootfs.diff.tar';
export const DOCKER_LAYER_ZSTD = 'application/vnd.docker.image.rootfs.diff.tar.zstd';
export const DOCKER_FOREIGN_LAYER = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
/** The config `{}` of an artifact that is no image. */
export const OCI_EMPTY = 'application/vnd.oci.empty.v1+json';

export const INDEX_MEDIA_TYPES = [OCI_INDEX, DOCKER_LIST] as const;
export const MANIFEST_MEDIA_TYPES = [OCI_MANIFEST, DOCKER_MANIFEST] as const;

export const isIndexMediaType = (mediaType: string): boolean =>
  (INDEX_MEDIA_TYPES as readonly string[]).includes(mediaType);
export const isManifestMediaType = (mediaType: string): boolean =>
  (MANIFEST_MEDIA_TYPES as readonly string[]).includes(mediaType);

/** The OCI names of Docker's layer media types: the same bytes under another name. */
const OCI_LAYER_NAMES: Readonly<Record<string, string>> = {
  [DOCKER_LAYER_TAR]: OCI_LAYER_TAR,
  [DOCKER_LAYER_GZIP]: OCI_LAYER_GZIP,
  [DOCKER_LAYER_ZSTD]: OCI_LAYER_ZSTD,
};

/** The OCI name of a layer's media type; one that Docker has no own name for stays as it is. */
export const ociLayerMediaType = (mediaType: string): string => OCI_LAYER_NAMES[mediaType] ?? mediaType;
