import type { Bundle, SerializedBundle } from '@sigstore/bundle';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Endpoints } from './endpoints';

/** Signs with a key that lives for one signature, certified for whom the token names. */
export interface KeylessSigner {
  /** Over bytes of any kind. */
  signBytes(bytes: Uint8Array): Promise<SerializedBundle>;
  /** Over a statement, in an envelope that says what it is. */
  signStatement(statement: Uint8Array, type: string): Promise<SerializedBundle>;
}

/** A token of identity for the audience `sigstore`. */
export type IdentityToken = () => Promise<string>;

/** Services answer within a second or two. */
const REQUEST = { timeout: 10_000, retry: { retries: 2, minTimeout: 500 } };
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export function createKeylessSigner(token: IdentityToken, endpoints: Endpoints): KeylessSigner {
  const { fulcioUrl, rekorUrl, tsaUrl } = endpoints;
  const parts = async () => {
    // Signing needs half a megabyte of code that no other run does.
    const sigstore = await import('@sigstore/sign');
    const identityProvider = { getToken: () => checkedToken(token) };
    const signer = new sigstore.FulcioSigner({ ...REQUEST, fulcioBaseURL: fulcioUrl, identityProvider });
    const witnesses = [
      ...(rekorUrl === undefined ? [] : [new sigstore.RekorWitness({ ...REQUEST, rekorBaseURL: rekorUrl })]),
      ...(tsaUrl === undefined ? [] : [new sigstore.TSAWitness({ ...REQUEST, tsaBaseURL: tsaUrl })]),
    ];
    return { sigstore, options: { signer, witnesses } };
  };
  return {
    signBytes: bytes =>
      told(endpoints, async () => {
        const { sigstore, options } = await parts();
        return serialize(
          await new sigstore.MessageSignatureBundleBuilder(options).create({ data: Buffer.from(bytes) }),
        );
      }),
    signStatement: (statement, type) =>
      told(endpoints, async () => {
        const { sigstore, options } = await parts();
        const artifact = { data: Buffer.from(statement), type };
        return serialize(await new sigstore.DSSEBundleBuilder(options).create(artifact));
      }),
  };
}

async function serialize(bundle: Bundle) {
  const { bundleToJSON } = await import('@sigstore/bundle');
  return bundleToJSON(bundle);
}

/** The library repeats a token that it cannot read in its error. */
async function checkedToken(token: IdentityToken): Promise<string> {
  const given = await token();
  if (JWT.test(given)) return given;
  throw new ModelpierError('upstream', 'sign without a key: what was given as a token of identity is none');
}

async function told<T>({ fulcioUrl, rekorUrl, tsaUrl }: Endpoints, sign: () => Promise<T>): Promise<T> {
  try {
    return await sign();
  } catch (cause) {
    const { code = '', message } = cause as { code?: string; message: string };
    const [who, hint] = code.startsWith('TLOG')
      ? [rekorUrl, 'try again later; the log answers for itself at https://status.sigstore.dev']
      : code.startsWith('TSA')
        ? [tsaUrl, 'try again later']
        : [
            fulcioUrl,
            'give the job `id-token: write`, and see that the authority takes tokens of this server',
          ];
    const status = (cause as { cause?: { statusCode?: number; message?: string } }).cause?.message;
    const reason = status === undefined ? message : `${message}: ${status}`;
    throw new ModelpierError('upstream', `sign without a key at ${who ?? 'no service'}: ${reason}`, {
      hint,
      cause,
    });
  }
}
