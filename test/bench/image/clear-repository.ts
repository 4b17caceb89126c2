import { INDEX_MEDIA_TYPES, MANIFEST_MEDIA_TYPES } from '@modelpier/backstage-plugin-modelpier-common';

/** Deletes a repository's tags, manifests and blobs by the registry's API (distribution-spec, "Content management"). */
export async function clearRepository(host: string, repository: string, signal: AbortSignal): Promise<void> {
  const base = `http://${host}/v2/${repository}`;
  const listing = await fetch(`${base}/tags/list`, { signal });
  const { tags } = (await listing.json()) as { readonly tags?: readonly string[] | null };
  for (const tag of tags ?? []) {
    const accept = [...MANIFEST_MEDIA_TYPES, ...INDEX_MEDIA_TYPES].join(', ');
    const answer = await fetch(`${base}/manifests/${tag}`, { headers: { accept }, signal });
    const digest = answer.headers.get('docker-content-digest');
    for (const blob of new Set((await answer.text()).match(/sha256:[0-9a-f]{64}/g))) {
      await fetch(`${base}/blobs/${blob}`, { method: 'DELETE', signal });
    }
    if (digest !== null) await fetch(`${base}/manifests/${digest}`, { method: 'DELETE', signal });
  }
}
