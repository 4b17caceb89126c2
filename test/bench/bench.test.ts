import { type Figure, judge, median } from './figure';
import { startCountingProxy } from './image/counting-proxy';
import { parseSize } from './size';
import { renderTable, renderVerdict } from './table';
import { startRegistry } from '../servers/registry/server';

const sample = (...values: readonly number[]) => ({ unit: 'seconds' as const, values });
const KEPT: Figure = {
  kind: 'ratio',
  name: 'first push',
  limit: 1.25,
  ours: sample(4, 5, 9),
  peer: { name: 'curl', sample: sample(4, 4, 4) },
};
const MISSED: Figure = { kind: 'value', name: 'start', limit: 0.5, ours: sample(0.6) };
const MISSING: Figure = { kind: 'missing', name: 'beside crane', limit: 0.6, reason: 'not installed' };

it.each([
  [[3], 3],
  [[9, 1, 4], 4],
  [[1, 2, 3, 10], 2.5],
])('takes the middle of %j', (values, middle) => {
  expect(median(values)).toBe(middle);
});

it('has no median of nothing', () => {
  expect(() => median([])).toThrow('a median of nothing');
});

it('holds the ratio of the medians, or our median, to the limit', () => {
  expect([KEPT, MISSED, MISSING].map(judge)).toEqual(['kept', 'missed', 'not measured']);
});

it('keeps a limit that is met exactly', () => {
  expect(judge({ ...MISSED, ours: sample(0.5) })).toBe('kept');
});

it('prints kept, missed and missing figures alike', () => {
  expect(renderTable([KEPT, MISSED, MISSING])).toBe(
    [
      'figure        ours                       peer         ratio  limit   verdict',
      'first push    5.00 s (4.00 s to 9.00 s)  curl 4.00 s  1.25   1.25    kept',
      'start         0.60 s                                         0.50 s  missed',
      'beside crane                                                 0.60    not measured: not installed',
    ].join('\n'),
  );
  expect(renderVerdict([KEPT, MISSED, MISSING])).toBe('1 limit kept, 1 missed, 1 not measured');
});

it.each([
  ['1GiB', 1024 ** 3],
  ['256MiB', 256 * 1024 ** 2],
  ['4096', 4096],
])('reads the size %s', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

it.each(['', 'much', '1GB', '-1GiB'])('refuses the size %j', text => {
  expect(() => parseSize(text)).toThrow('write 1GiB');
});

it('counts the requests to a registry and the bytes of its blobs', async () => {
  const server = await startRegistry();
  const proxy = await startCountingProxy(server.host);
  try {
    const begun = await fetch(`http://${proxy.host}/v2/a/blobs/uploads/`, { method: 'POST' });
    const location = new URL(begun.headers.get('location') ?? '', `http://${proxy.host}`);
    const sent = await fetch(location, { method: 'PATCH', body: Buffer.alloc(5000) });

    expect(location.host).toBe(proxy.host);
    expect(sent.status).toBe(202);
    expect(proxy.take()).toMatchObject({
      requests: ['POST /v2/a/blobs/uploads/', expect.stringMatching(/^PATCH /)],
      blobBytes: 5000,
    });
    expect(proxy.take()).toEqual({ requests: [], blobBytes: 0 });
  } finally {
    await proxy.close();
    await server.close();
  }
});
