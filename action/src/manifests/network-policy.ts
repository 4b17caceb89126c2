import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';
import { newestServed } from './newest-served';

/** Kubernetes labels every namespace with its name (1.21 and later). */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

interface NetworkOptions {
  readonly metadata: KubernetesObject['metadata'];
  readonly served: readonly string[];
  readonly selector: Readonly<Record<string, string>>;
  readonly port: number;
  readonly allowFrom: readonly string[];
}

/** Lets the pods of these namespaces call the model, and the model call nothing; the node's probes always pass. */
export function networkPolicy(options: NetworkOptions): KubernetesObject {
  const { metadata, served, selector, port, allowFrom } = options;
  const kind = 'NetworkPolicy';
  return {
    apiVersion: newestServed(kind, ['networking.k8s.io/v1'], { served, hint: 'leave out spec.network' }),
    kind,
    metadata,
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [...new Set(allowFrom)].map(name => ({
            namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: name } },
          })),
          ports: [{ protocol: 'TCP', port }],
        },
      ],
      egress: [],
    },
  };
}
