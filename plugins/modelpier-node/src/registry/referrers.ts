import {
  type Digest,
  hasCode,
  index,
  isIndex,
  type Manifest,
  ModelpierError,
  OCI_INDEX,
  parseManifest,
  parseWith,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { discard, readCapped } from './body';
import { digestOf } from './digest-check';
import { createManifests, putManifest } from './manifests';
import { nextPage } from './pages';
import type { Referrer, ReferrerLister, ReferrerWriter, Waiting } from './ports';
import { shownUrl } from './redact';
import { RegistryError } from './registry-error';
import { pullScope } from './scope';
import type { Session } from './session';
import type { HttpResponse } from './transport';

const MAX_PAGE_BYTES = 4 * 1024 * 1024;
/** More than anyone signs an image; a registry that answers without end stops here. */
const MAX_PAGES = 100;
/** What registries without the API answer; the specification says 404. */
const HAS_NO_API: readonly number[] = [400, 404, 405, 406, 501];

/** distribution-spec 1.1, "Listing Referrers" and "Unavailable Referrers API". */
export const createReferrers = (session: Session): ReferrerLister & ReferrerWriter => ({
  listReferrers: async (repository, subject, { artifactType, signal } = {}) => {
    const list: List = { session, repository, subject, signal };
    const found = (await listByApi(list)) ?? (await listByTag(list));
    return found.filter(referrer => artifactType === undefined || referrer.artifactType === artifactType);
  },
  putReferrer: async (repository, manifest, { signal } = {}) => {
    const { subject, referrer } = referrerOf(manifest);
    const target = { session, repository, tagOrDigest: referrer.digest, signal };
    const { digest, listsSubject } = await putManifest(target, manifest);
    if (!listsSubject) await enterByTag({ session, repository, subject, signal }, referrer);
    return digest;
  },
});

interface List extends Waiting {
  readonly session: Session;
  readonly repository: Repository;
  readonly subject: Digest;
}

/** The list by the API; `undefined` where the registry has none. */
async function listByApi(list: List): Promise<readonly Referrer[] | undefined> {
  const { session, repository, subject, signal } = list;
  const found: Referrer[] = [];
  let url: URL | undefined = session.url(repository, `referrers/${subject}`);
  for (let pages = 0; url !== undefined && pages < MAX_PAGES; pages++) {
    const asked: URL = url;
    const page = await session.repeat(() => fetchPage(list, asked), signal);
    if (page === undefined) return undefined;
    found.push(...page.referrers);
    url = page.next;
  }
  return found;
}

async function fetchPage(
  { session, repository, signal }: List,
  url: URL,
): Promise<{ readonly referrers: readonly Referrer[]; readonly next: URL | undefined } | undefined> {
  const scopes = [pullScope(repository)];
  const headers = { accept: OCI_INDEX };
  const expect = [200, ...HAS_NO_API];
  const response = await session.exchange({
    method: 'GET',
    repository,
    url,
    scopes,
    headers,
    expect,
    signal,
  });
  // Some answer every address with a page of their own.
  if (response.status !== 200 || !isIndexAnswer(response)) {
    await discard(response.body);
    return undefined;
  }
  const bytes = await readCapped(response.body, MAX_PAGE_BYTES);
  const { manifests } = parseWith(index, parseJson(bytes, url), `the list of referrers at ${shownUrl(url)}`);
  return { referrers: manifests, next: nextPage(response.header('link'), url) };
}

const isIndexAnswer = ({ header }: HttpResponse): boolean =>
  (header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() === OCI_INDEX;

function parseJson(bytes: Uint8Array, url: URL): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw new RegistryError('invalid-document', `GET ${shownUrl(url)}: the list of referrers is not JSON`);
  }
}

/** Where registries without the API keep the list (distribution-spec, "Referrers Tag Schema"). */
const referrersTag = (subject: Digest): string => subject.replace(':', '-');

async function listByTag({ session, repository, subject, signal }: List): Promise<readonly Referrer[]> {
  try {
    const tag = referrersTag(subject);
    const { digest, document } = await createManifests(session).getManifest(repository, tag, { signal });
    // GitLab takes the tag for the digest that it spells, and answers the subject itself.
    return isIndex(document) && digest !== subject ? document.manifests : [];
  } catch (error) {
    if (hasCode(error, 'not-found')) return [];
    throw error;
  }
}

/** Not atomic: the specification has no way to be, and the last of two writers at once is listed. */
async function enterByTag(list: List, referrer: Referrer): Promise<void> {
  const { session, repository, subject, signal } = list;
  const listed = await listByTag(list);
  if (listed.some(({ digest }) => digest === referrer.digest)) return;
  const document = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [...listed, referrer] };
  const bytes = Buffer.from(JSON.stringify(document));
  const target = { session, repository, tagOrDigest: referrersTag(subject), signal };
  await putManifest(target, { mediaType: OCI_INDEX, bytes });
}

/** The entry of a manifest in its subject's list. */
function referrerOf({ mediaType, bytes }: { readonly mediaType: string; readonly bytes: Uint8Array }): {
  readonly subject: Digest;
  readonly referrer: Referrer;
} {
  const document = parseManifest(JSON.parse(Buffer.from(bytes).toString('utf8')), mediaType);
  if (isIndex(document) || document.subject === undefined) {
    throw new ModelpierError('invalid-input', 'a manifest without a subject refers to nothing');
  }
  const { annotations } = document;
  const referrer: Referrer = {
    mediaType,
    digest: digestOf(bytes),
    size: bytes.byteLength,
    artifactType: artifactTypeOf(document),
    ...(annotations !== undefined && { annotations }),
  };
  return { subject: document.subject.digest, referrer };
}

/** The config's media type stands in for a type of its own (OCI image-spec, manifest.md). */
const artifactTypeOf = ({ artifactType, config }: Manifest): string =>
  artifactType === undefined || artifactType === '' ? config.mediaType : artifactType;
