import { parseDigest } from '@modelpier/backstage-plugin-modelpier-common';
import type { KeptConfig } from './fetched-manifest';
import { type LintedImage, whyNew } from './why-new';

const digest = (of: number) => parseDigest(`sha256:${of.toString(16).padStart(64, '0')}`);
const layer = (of: number, kind: 'base' | 'weights' | 'unknown', files: readonly string[] | null = null) => ({
  digest: digest(of),
  kind,
  files,
});
const config = (diffIds: readonly number[], created = '1970-01-01T00:00:00Z'): KeptConfig => ({
  created,
  labels: {},
  diffIds: diffIds.map(digest),
});
const reasons = (image: LintedImage, before: LintedImage) => [...whyNew(image, before).values()];

it('tells why the weights and the base are new', () => {
  const before = { layers: [layer(1, 'base'), layer(2, 'weights', ['/models/net.pt'])], config: undefined };
  const image = { layers: [layer(3, 'base'), layer(4, 'weights', ['/models/net.pt'])], config: undefined };
  expect(reasons(image, before)).toEqual(['base-changed', 'content-changed']);
});

it('knows the same content under another compression, whoever built it', () => {
  const before = { layers: [layer(1, 'unknown'), layer(2, 'unknown')], config: config([11, 12]) };
  const image = { layers: [layer(1, 'unknown'), layer(3, 'unknown')], config: config([11, 12]) };
  expect(reasons(image, before)).toEqual(['recompressed']);
});

it('claims nothing of a layer that does not say which files it holds', () => {
  const before = { layers: [layer(1, 'unknown'), layer(2, 'unknown')], config: undefined };
  const image = { layers: [layer(1, 'unknown'), layer(3, 'unknown')], config: undefined };
  expect(reasons(image, before)).toEqual([]);
});

it('blames another time only where both images have one', () => {
  const weights = (of: number) => [layer(of, 'weights', ['/models/net.pt'])];
  const image = { layers: weights(2), config: config([12], '2026-01-01T00:00:00Z') };
  expect(reasons(image, { layers: weights(1), config: config([11]) })).toEqual(['time-stamps']);
  expect(reasons(image, { layers: weights(1), config: undefined })).toEqual(['content-changed']);
});
