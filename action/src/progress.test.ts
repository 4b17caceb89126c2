import { parseDigest } from '@modelpier/backstage-plugin-modelpier-common';
import type { LayerName } from './image/event';
import { BuildLog } from './progress';

const MB = 1_000_000;
const LAYER: LayerName = {
  digest: parseDigest(`sha256:${'a'.repeat(64)}`),
  sizeBytes: 1000 * MB,
  kind: 'weights',
  files: ['/models/digits/model.pt'],
};
const NAME = 'weights layer aaaaaaaaaaaa (1 GB) /models/digits/model.pt';
const FIRST = 'ghcr.io/acme/digits';
const DIGEST = LAYER.digest;

/** A log whose clock is moved by hand. */
function open() {
  let nowMs = 0;
  const log = new BuildLog(() => nowMs);
  const send = (sentBytes: number, target = FIRST) =>
    log.line({ type: 'sending', layer: LAYER, target, sentBytes, totalBytes: LAYER.sizeBytes });
  const done = (target = FIRST) =>
    log.line({ type: 'layer', layer: LAYER, target, fate: 'uploaded', sentBytes: LAYER.sizeBytes });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { log, send, done, pass };
}

it('tells of a long upload every five seconds, with the rate since its first byte', () => {
  const { send, done, pass } = open();
  const lines: (string | undefined)[] = [send(0)];
  for (let sent = 20 * MB; sent < 1000 * MB; sent += 20 * MB) {
    pass(200);
    lines.push(send(sent));
  }
  pass(200);

  expect(lines.filter(line => line !== undefined)).toEqual([
    `sending ${NAME}: 500 MB of 1 GB at 100 MB/s, 5 s left`,
  ]);
  expect(done()).toBe(`uploaded ${NAME} in 10 s, 100 MB/s`);
});

it('tells of what takes an hour a hundred times, not a thousand', () => {
  const { send, pass } = open();
  send(0);
  const lines: (string | undefined)[] = [];
  for (let second = 1; second < 3600; second++) {
    pass(1000);
    lines.push(send(second * 10_000));
  }
  expect(lines.filter(line => line !== undefined).length).toBeLessThan(130);
});

it('does not count the wait for a free line as sending', () => {
  const { send, pass } = open();
  pass(60_000);
  send(0);
  pass(5_000);
  expect(send(50 * MB)).toContain('at 10 MB/s, 1 min 35 s left');
});

it('says nothing of short uploads but what became of them', () => {
  const { send, done, pass } = open();
  expect(send(0)).toBeUndefined();
  pass(4_000);
  expect(send(900 * MB)).toBeUndefined();
  expect(send(1000 * MB)).toBeUndefined();
  expect(done()).toBe(`uploaded ${NAME} in 4 s, 250 MB/s`);
});

it('tells a layer that was there by its fate alone', () => {
  const { log } = open();
  const line = log.line({ type: 'layer', layer: LAYER, target: FIRST, fate: 'present', sentBytes: 0 });
  expect(line).toBe(`present ${NAME}`);
});

it('tells of reading where that is long', () => {
  const { log, pass } = open();
  const read = (readBytes: number) =>
    log.line({ type: 'packing', files: ['model.pt'], readBytes, totalBytes: 8000 * MB });
  expect(read(16 * MB)).toBeUndefined();
  pass(5_000);
  expect(read(4000 * MB)).toBe('reading model.pt: 4 GB of 8 GB at 800 MB/s, 5 s left');
  expect(read(4100 * MB)).toBeUndefined();
});

it('names every repository but the first', () => {
  const { log, send, done, pass } = open();
  const copy = 'quay.io/acme/digits';
  send(0);
  pass(1000);
  expect(done()).not.toContain('quay.io');
  send(0, copy);
  pass(2000);
  expect(done(copy)).toBe(`uploaded ${NAME} in quay.io/acme/digits in 2 s, 500 MB/s`);
  expect(log.line({ type: 'tag', target: copy, tag: '1.0.0', changed: true })).toBe(
    'tag 1.0.0 in quay.io/acme/digits',
  );
  expect(log.line({ type: 'tag', target: FIRST, tag: '1.0.0', changed: false })).toBe('tag 1.0.0 was there');
  expect(log.line({ type: 'manifest', target: copy, digest: DIGEST, changed: true })).toBe(
    `manifest ${DIGEST} in quay.io/acme/digits`,
  );
});

it('says why a layer is new', () => {
  const { log } = open();
  expect(log.line({ type: 'new-layer', layer: LAYER, reason: 'content-changed' })).toBe(
    `not shared with the version before: ${NAME}: the content changed`,
  );
});
