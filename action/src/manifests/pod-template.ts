import type { Model } from '@modelpier/backstage-plugin-modelpier-common';

/** What the model file may leave out; enough for a small model under PyTorch on a processor. */
const DEFAULT_CPU = '500m';
const DEFAULT_MEMORY = '1Gi';
/** `nonroot` of distroless images; any number but 0 would do. */
const USER_ID = 65532;
/** As engines write it, with its group. */
export const USER = `${USER_ID}:${USER_ID}`;
/** The one place the server may write: spooled requests, caches. It counts against the node's disk. */
const TMP_SIZE = '256Mi';

/** Open Inference Protocol V2, health. */
const LIVE_PATH = '/v2/health/live';
const READY_PATH = '/v2/health/ready';

interface PodTemplateOptions {
  readonly model: Model;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly port: number;
}

/** Pods that serve one model and can do nothing else. */
export function podTemplate({ model, image, labels, port }: PodTemplateOptions): Record<string, unknown> {
  return {
    metadata: { labels },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: USER_ID,
        runAsGroup: USER_ID,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'kubernetes.io/hostname',
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: labels },
        },
      ],
      containers: [
        {
          name: 'model',
          image,
          imagePullPolicy: 'IfNotPresent',
          ports: [{ name: 'http', containerPort: port, protocol: 'TCP' }],
          // Libraries that look for a home find the writable folder.
          env: [{ name: 'HOME', value: '/tmp' }],
          resources: resources(model),
          ...probes(),
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
          },
          // The last lines of a dying server reach the pod's status, and from there the report.
          terminationMessagePolicy: 'FallbackToLogsOnError',
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        },
      ],
      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: TMP_SIZE } }],
    },
  };
}

/** Requests equal limits: what is reserved is what the control group enforces. */
function resources(model: Model): Record<string, unknown> {
  const { gpu = 0 } = model.spec.resources ?? {};
  const amounts = { ...limitsOf(model), ...(gpu > 0 && { 'nvidia.com/gpu': String(gpu) }) };
  return { requests: amounts, limits: amounts };
}

/** What each replica may use at most. */
export const limitsOf = ({ spec }: Model): { readonly cpu: string; readonly memory: string } => ({
  cpu: spec.resources?.cpu ?? DEFAULT_CPU,
  memory: spec.resources?.memory ?? DEFAULT_MEMORY,
});

function probes(): Record<string, unknown> {
  const get = (path: string): Record<string, unknown> => ({
    httpGet: { path, port: 'http' },
    timeoutSeconds: 5,
  });
  return {
    // Weights may take minutes to load: 300 x 2 s is the Deployment's progress deadline.
    startupProbe: { ...get(LIVE_PATH), periodSeconds: 2, failureThreshold: 300 },
    readinessProbe: { ...get(READY_PATH), periodSeconds: 5, failureThreshold: 3 },
    // A server deep in a long inference is slow, not dead.
    livenessProbe: { ...get(LIVE_PATH), periodSeconds: 10, failureThreshold: 6 },
  };
}
