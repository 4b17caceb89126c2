import { createHash } from 'node:crypto';
import {
  type Digest,
  formatIdentity,
  formatReference,
  hasCode,
  isIdentity,
  list,
  ModelpierError,
  object,
  parseWith,
  record,
  type Repository,
  type SignerIdentity,
  text,
  type WantedIdentity,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Waiting } from '@modelpier/backstage-plugin-modelpier-node';
import { STATEMENT_TYPE } from '../signature/attestation';
import { signedDigest } from '../signature/payload';
import { readSignatures, type StoredSignature } from '../signature/stored-signatures';
import { type BundleReader, findBundles } from './read-bundles';
import { bundleOf } from './stored-bundle';
import type { TrustedRoots } from './trusted-root';
import { verifyBundle } from './verify-bundle';

/** What cosign states of an image that it signs with a bundle. */
const SIGNED = 'https://sigstore.dev/cosign/sign/v1';

interface Expected {
  readonly image: Digest;
  readonly wanted: readonly WantedIdentity[];
  readonly roots: TrustedRoots;
}

/** Throws unless somebody wanted has signed the image; answers who. */
export async function verifyIdentity(
  registry: BundleReader,
  { registry: host, path, image, wanted, roots, signal }: Repository & Expected & Waiting,
): Promise<SignerIdentity> {
  const repository = { registry: host, path };
  const expected = { image, roots };
  const search: Search = { wanted, faults: new Set(), signal };
  const stored = await readSignatures(registry, repository, { image, signal });
  const found =
    (await findWanted(
      stored.map(each => () => signerOf(each, expected)),
      search,
    )) ??
    (await findWanted(
      (await findBundles(registry, repository, { image, signal })).map(
        read => async () => signerOfBundle(await read(), expected),
      ),
      search,
    ));
  if (found !== undefined) return found;
  throw refusal(formatReference({ ...repository, digest: image }), [...search.faults], wanted);
}

interface Search extends Waiting {
  readonly wanted: readonly WantedIdentity[];
  /** Of each signature that does not do. */
  readonly faults: Set<string>;
}

/** Anyone who may push can add signatures, so that one which is not good, or cannot be read, hinders no other. */
async function findWanted(
  checks: readonly (() => Promise<SignerIdentity>)[],
  { wanted, faults, signal }: Search,
): Promise<SignerIdentity | undefined> {
  for (const check of checks) {
    try {
      const signer = await check();
      if (wanted.some(identity => isIdentity(signer, identity))) return signer;
      faults.add(`is by ${describe(signer)}`);
    } catch (error) {
      if (signal?.aborted === true || hasCode(error, 'cancelled')) throw error;
      faults.add(`is not good: ${(error as Error).message}`);
    }
  }
  return undefined;
}

async function signerOf(
  stored: StoredSignature,
  { image, roots }: Pick<Expected, 'image' | 'roots'>,
): Promise<SignerIdentity> {
  const { payload } = stored;
  const bundle = bundleOf(stored, createHash('sha256').update(payload).digest());
  const signer = await verifyBundle(bundle, { roots, bytes: payload });
  // What is signed is read only once it is known who signed it.
  requireImage(signedDigest(payload), image);
  return signer;
}

const envelope = object({ dsseEnvelope: object({ payloadType: text, payload: text }) });
const statement = object({ predicateType: text, subject: list(object({ digest: record(text) })) });

async function signerOfBundle(
  bytes: Uint8Array,
  { image, roots }: Pick<Expected, 'image' | 'roots'>,
): Promise<SignerIdentity> {
  const bundle: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  const signer = await verifyBundle(bundle, { roots });
  const { payloadType, payload } = parseWith(envelope, bundle, 'bundle').dsseEnvelope;
  if (payloadType !== STATEMENT_TYPE) throw new TypeError('it is over something that is no statement');
  const said: unknown = JSON.parse(Buffer.from(payload, 'base64').toString('utf8'));
  const { predicateType, subject } = parseWith(statement, said, 'statement');
  if (predicateType !== SIGNED)
    throw new TypeError(`it states ${predicateType.slice(0, 100)}, which is no signature`);
  const [signed, ...more] = subject.map(({ digest }) => `sha256:${digest['sha256'] ?? ''}`);
  if (more.length > 0) throw new TypeError('it is of several images');
  requireImage(signed ?? 'nothing', image);
  return signer;
}

function requireImage(signed: string, image: Digest): void {
  if (signed !== image) throw new TypeError(`it is of ${signed}`);
}

const describe = ({ repository, ...signer }: SignerIdentity): string =>
  repository === undefined ? formatIdentity(signer) : `${formatIdentity(signer)} for ${repository}`;

const MOST_FAULTS = 5;

function refusal(
  reference: string,
  faults: readonly string[],
  wanted: readonly WantedIdentity[],
): ModelpierError {
  const told = faults.slice(0, MOST_FAULTS).map(fault => fault.slice(0, 500));
  const reasons = told.length === 0 ? 'it has no signature' : `its signature ${told.join('; another ')}`;
  return new ModelpierError('untrusted', `verify ${reference}: ${reasons}`, {
    hint: `nothing was applied; it has to be signed, by sign: keyless or cosign sign, by ${wanted.map(({ text: line }) => line).join(' or ')}`,
  });
}
