import { type Decoded, object, optional, text } from '../parse/decoder';

/** Which Kubernetes object; cluster-scoped objects have no namespace. */
export const objectRef = object({
  apiVersion: text,
  kind: text,
  namespace: optional(text),
  name: text,
});
export type ObjectRef = Decoded<typeof objectRef>;

/** `Deployment/shop/api`, as every message names an object. */
export const formatObjectRef = ({ kind, namespace, name }: ObjectRef): string =>
  namespace === undefined ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
