import { createHash } from 'node:crypto';
import { REGISTRY } from './real';

export interface RawManifest {
  readonly digest: string;
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
}

/** A manifest by plain HTTP, with its digest computed here: the second opinion on what our client says. */
export async function readRawManifest(path: string, reference: string): Promise<RawManifest> {
  const response = await fetch(`http://${REGISTRY}/v2/${path}/manifests/${reference}`, {
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  if (!response.ok) throw new Error(`${path}:${reference} answered ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const { layers } = JSON.parse(bytes.toString('utf8')) as Pick<RawManifest, 'layers'>;
  return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, layers };
}
