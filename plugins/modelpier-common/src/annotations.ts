/** Keys that the action writes and the portal reads; one list, so that the two never drift. */

/** On a catalog entity: the repositories of a model's images, separated by commas. */
export const IMAGE_ANNOTATION = 'modelpier.io/image';
/** On a catalog entity: the workflows of its repository that the portal starts, `rollback.yml` or `rollback.yml@branch`. */
export const ROLLBACK_WORKFLOW_ANNOTATION = 'modelpier.io/rollback-workflow';
export const PROMOTE_WORKFLOW_ANNOTATION = 'modelpier.io/promote-workflow';
/** On workloads: the model they serve. */
export const MODEL_LABEL = 'modelpier.io/model';
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';
export const MANAGED_BY = 'modelpier';
/** The field manager of server-side apply; one stable name (Kubernetes docs, Server-Side Apply). */
export const FIELD_MANAGER = 'modelpier-deploy';

/** Run facts on a workload's metadata, never on its pod template: they must not roll pods. */
export const VERSION_ANNOTATION = 'modelpier.io/version';
export const WORKLOAD_IMAGE_ANNOTATION = 'modelpier.io/image';
export const COMMIT_ANNOTATION = 'modelpier.io/commit';
export const RUN_URL_ANNOTATION = 'modelpier.io/run-url';
export const ACTOR_ANNOTATION = 'modelpier.io/actor';
export const DEPLOYED_AT_ANNOTATION = 'modelpier.io/deployed-at';
/** Name of the environment, such as `staging`. */
export const ENVIRONMENT_ANNOTATION = 'modelpier.io/environment';

/** On image manifests (annotations) and configs (labels). */
export const IMAGE_TITLE = 'org.opencontainers.image.title';
export const IMAGE_DESCRIPTION = 'org.opencontainers.image.description';
export const IMAGE_VERSION = 'org.opencontainers.image.version';
export const IMAGE_REVISION = 'org.opencontainers.image.revision';
export const IMAGE_SOURCE = 'org.opencontainers.image.source';
export const IMAGE_LICENSES = 'org.opencontainers.image.licenses';
export const IMAGE_BASE_NAME = 'org.opencontainers.image.base.name';
export const IMAGE_BASE_DIGEST = 'org.opencontainers.image.base.digest';
export const IMAGE_MODEL = 'io.modelpier.model';
export const IMAGE_MODEL_DIGEST = 'io.modelpier.model-digest';
export const IMAGE_FORMAT = 'io.modelpier.format';
/** JSON of `ModelFacts`, without lists that grow with the model. */
export const IMAGE_FACTS = 'io.modelpier.facts';
/** The verdict of the safety scan; nothing where none was made. */
export const IMAGE_SCAN = 'io.modelpier.scan';
/** JSON object of metric name to number. */
export const IMAGE_METRICS = 'io.modelpier.metrics';

/** On our layer descriptors. */
export const LAYER_KIND = 'io.modelpier.layer.kind';
/** JSON list of the layer's file paths inside the image. */
export const LAYER_FILES = 'io.modelpier.layer.files';
