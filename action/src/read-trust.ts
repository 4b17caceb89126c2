import { join } from 'node:path';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Run } from './main';
import { readSmallFile } from './model/read-small-file';
import { type Endpoints, endpointsFor } from './sigstore/endpoints';
import { parseSigningConfig } from './sigstore/signing-config';
import { fetchTrustedRoots, parseTrustedRoots, type TrustedRoots } from './sigstore/trusted-root';

/** Those of the public instance have some 10 KiB. */
const MOST_BYTES = 1024 * 1024;

/** Whom to believe: as the file says that was given, else sigstore's public instance. */
export async function readTrustedRoots({ context }: Run, file: string | undefined): Promise<TrustedRoots> {
  return file === undefined
    ? fetchTrustedRoots({ folder: join(context.temporaryFolder, 'modelpier-sigstore') })
    : parseTrustedRoots(await readText(context.workspace, { input: 'trusted-root', file }));
}

/** Who certifies the job's identity. */
export async function readEndpoints({ inputs, context, ports }: Run): Promise<Endpoints> {
  const { signingConfig: file } = inputs.safety;
  if (file === undefined) return endpointsFor(context);
  const text = await readText(context.workspace, { input: 'signing-config', file });
  return parseSigningConfig(parseJson(text), { now: ports.clock.now() });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ModelpierError('invalid-document', 'signing-config: it is not JSON', { cause });
  }
}

async function readText(
  workspace: string,
  { input, file }: { readonly input: string; readonly file: string },
): Promise<string> {
  const read = await readSmallFile(file, { workspace, maxBytes: MOST_BYTES });
  if ('text' in read) return read.text;
  if (read.fault === 'too-large')
    throw new ModelpierError('too-large', `${input}: ${file} has more than 1 MiB`);
  const reason = read.fault === 'outside' ? 'lies outside the workspace' : 'cannot be read';
  throw new ModelpierError('invalid-input', `${input}: ${file} ${reason}`, {
    hint: 'give the path of a file in the workspace',
  });
}
