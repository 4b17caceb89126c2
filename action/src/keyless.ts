import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Run } from './main';
import { readEndpoints } from './read-trust';
import { createKeylessSigner, type KeylessSigner } from './sigstore/keyless-signer';

/** Signs as the job; throws where the job may not say who it is. */
export async function keylessSigner(run: Run): Promise<KeylessSigner> {
  const { identityToken } = run.ports;
  if (identityToken === undefined) {
    throw new ModelpierError(
      'forbidden',
      'sign without a key: the job may not ask for a token of its identity',
      {
        hint: "add `id-token: write` to the job's permissions",
      },
    );
  }
  return createKeylessSigner(() => identityToken('sigstore'), await readEndpoints(run));
}
