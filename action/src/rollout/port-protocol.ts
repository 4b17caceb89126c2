import type { KubernetesObject } from '@modelpier/backstage-plugin-modelpier-node';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A Service whose ports all name their protocol. TCP is the API's own default, but server-side apply needs the field
 * as a part of the port's key, and older servers refuse a Service without it (kubernetes/kubernetes#92332).
 */
export function withPortProtocols(object: KubernetesObject): KubernetesObject {
  const { apiVersion, kind, spec } = object;
  if (apiVersion !== 'v1' || kind !== 'Service' || !isRecord(spec) || !Array.isArray(spec['ports'])) {
    return object;
  }
  const ports = (spec['ports'] as readonly unknown[]).map(port =>
    isRecord(port) ? { ...port, protocol: port['protocol'] ?? 'TCP' } : port,
  );
  return { ...object, spec: { ...spec, ports } };
}
