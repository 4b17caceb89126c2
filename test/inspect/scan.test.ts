// cspell:ignore nnet
import { link, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { inspectFiles } from '../../action/src/inspect/inspect-files';
import { RULES } from '../../action/src/scan/rules';
import { MALICIOUS } from './malicious';
import { writeZip } from './zip-writer';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelpier-scan-'));
  await mkdir(join(folder, 'scratch'));
  await writeFile(join(folder, 'short.bin'), 'x');
  await writeFile(join(folder, 'w'), 'x');
  await symlink('short.bin', join(folder, 'link.bin'));
  await writeFile(join(folder, 'twice.bin'), 'x');
  await link(join(folder, 'twice.bin'), join(folder, 'hard.bin'));
});
afterAll(() => rm(folder, { recursive: true }));

const BESIDE = ['short.bin', 'link.bin', 'hard.bin', 'w'];

async function scan(bytes: Uint8Array, allowed: readonly string[] = []) {
  await writeFile(join(folder, 'model'), bytes);
  const files = ['model', ...BESIDE].map(async path => {
    const absolutePath = join(folder, path);
    return { path, absolutePath, sizeBytes: (await stat(absolutePath)).size };
  });
  const scratchFolder = (): Promise<string> => Promise.resolve(join(folder, 'scratch'));
  const [model] = await inspectFiles(await Promise.all(files), { allowed, directory: folder, scratchFolder });
  return model!;
}

it.each(MALICIOUS)('finds $what: $rule', async ({ rule, bytes }) => {
  const { findings, verdict } = await scan(bytes);

  expect(findings.map(finding => finding.rule)).toContain(rule);
  expect(verdict).not.toBe('safe');
  expect(readdirSync(join(folder, 'scratch'))).toEqual([]);
});

it('has a harmful file for every rule', () => {
  const shown = new Set(MALICIOUS.map(({ rule }) => rule));

  expect(Object.keys(RULES).filter(rule => !shown.has(rule))).toEqual([]);
});

it('lets pass what the model file allows, by name and by prefix', async () => {
  const { bytes } = MALICIOUS.find(({ what }) => what.includes('nobody knows'))!;

  await expect(scan(bytes, ['acme.net.Net'])).resolves.toMatchObject({
    findings: [],
    verdict: 'executable-format',
  });
  await expect(scan(bytes, ['acme.*'])).resolves.toMatchObject({ findings: [] });
  await expect(scan(bytes, ['acme.net.Other'])).resolves.toMatchObject({ verdict: 'suspicious' });
});

it('never allows what is known to harm', async () => {
  const { bytes } = MALICIOUS.find(({ what }) => what.includes('posix system'))!;

  await expect(scan(bytes, ['posix.system', 'posix.*'])).resolves.toMatchObject({ verdict: 'dangerous' });
});

it.each([
  ['words', 'cat\ndog\nbird\n'],
  ['prose', 'the quick brown fox. jumps'],
  ['a list', '(a)\n1. one\n'],
  ['CSV', 'id,label\n1,cat\n'],
  ['YAML', 'name: x\nlabels: [a, b]\n'],
  ['JSON', '{"name":"x","labels":["a"]}'],
  ['nothing', ''],
  ['zeros', '\0'.repeat(100)],
])('finds nothing in %s', async (_, text) => {
  await expect(scan(Buffer.from(text))).resolves.toMatchObject({ findings: [], verdict: 'safe' });
});

it('says where the harm lies, through archives in archives', async () => {
  const { bytes } = MALICIOUS.find(({ what }) => what === 'an archive inside')!;
  const { findings } = await scan(bytes);

  expect(findings).toContainEqual({
    rule: 'pickle-dangerous-global',
    verdict: 'dangerous',
    file: 'model',
    member: 'm/x!y',
    offset: 17,
    reason: 'calls posix.system',
  });
});

it('is explained: every rule with its verdict', async () => {
  const page = await readFile(join(__dirname, '../../docs/model-safety.md'), 'utf8');
  const rows = [
    ...page.matchAll(/^\| `([\w-]+)` +\| (safe|executable-format|suspicious|dangerous) +\| (.*?) +\|$/gm),
  ];

  const shown = rows.map(([, rule, verdict, title]) => [rule, verdict, title]);
  expect(shown.filter(([rule]) => rule! in RULES)).toEqual(
    Object.entries(RULES).map(([rule, { verdict, title }]) => [rule, verdict, title]),
  );
});

it('lets no name inside a file speak to the runner', async () => {
  const zip = writeZip([
    { name: 'a\n::add-mask::x', data: '\x80\x04N\xff' },
    { name: 'b', data: '\x80\x02c__torch__.x\r::error::y\nNet\n)R.' },
  ]);
  const { findings } = await scan(zip);

  expect(findings.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(['zip-unsafe-name', 'unreadable', 'pickle-unknown-global']),
  );
  expect(JSON.stringify(findings.map(({ member, reason }) => [member, reason]).flat())).not.toMatch(/\\[nr]/);
});

it('holds up nobody and no memory over an archive of many members that seem compressed', async () => {
  const data = '\x78\x9c0123456789';
  const zip = writeZip(Array.from({ length: 2000 }, (_, at) => ({ name: `${at}`, data })));
  const turns = jest.spyOn(global, 'setImmediate');
  await scan(zip);

  // Without them no signal is heard, and zlib frees nothing of what it unpacked.
  expect(turns.mock.calls.length).toBeGreaterThanOrEqual(2000 / 50);
});
