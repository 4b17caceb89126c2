import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@modelpier/backstage-plugin-modelpier-node';
import { readContext } from './github/context';
import { readInputs } from './inputs/inputs';
import type { Run } from './main';
import { checkProofs } from './prove-image';

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'modelpier-prove-'));
});
afterEach(() => rm(workspace, { recursive: true }));

function check(inputs: Readonly<Record<string, string>>, server = 'https://github.com'): Promise<void> {
  const context = readContext(
    { GITHUB_EVENT_NAME: 'push', GITHUB_WORKSPACE: workspace, GITHUB_SERVER_URL: server },
    { cwd: workspace, tmp: workspace },
  );
  const given = { mode: 'build', images: 'registry.example/acme/digits', provenance: 'auto', ...inputs };
  const environment = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const ports = {
    clock: systemClock,
    workflowRun: () => ({}),
    identityToken: () => Promise.reject(new Error('nobody is asked yet')),
  };
  const read = readInputs(Object.fromEntries(environment) as Record<string, string>, context);
  return checkProofs({ inputs: read, context, ports } as unknown as Run);
}

it.each([
  ['is not there', undefined, 'signing-config: services.json cannot be read'],
  ['is no JSON', 'services', 'signing-config: it is not JSON'],
  ['is of another type', '{"mediaType":"text/plain","caUrls":[]}', 'signing-config: it is not of type'],
])('ends a run with provenance: auto whose signing-config %s', async (_, text, words) => {
  if (text !== undefined) await writeFile(join(workspace, 'services.json'), text);
  await expect(check({ 'signing-config': 'services.json' })).rejects.toThrow(words);
});

it('lets a run with provenance: auto go on where nobody is known to certify', async () => {
  await expect(check({}, 'https://git.acme.example')).resolves.toBeUndefined();
  await expect(check({ sign: 'keyless' }, 'https://git.acme.example')).rejects.toMatchObject({
    code: 'unsupported',
  });
});
