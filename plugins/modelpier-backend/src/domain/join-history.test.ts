import { joinSketches, sketchOf } from './amount-sketch';
import { joinSpans, type StoredSpan } from './join-history';

const cpu = {
  resource: 'cpu',
  requested: 500,
  fairShare: 980,
  measured: 2,
  usedSum: 300,
  usedMost: 200,
  used: joinSketches(sketchOf(100), sketchOf(200)),
};
const span: StoredSpan = {
  at: '2026-03-10T12:00:00.000Z',
  desired: 3,
  ready: 2,
  leastReady: 1,
  resources: [cpu],
};

it('adds up the clusters of a span', () => {
  const [point] = joinSpans([span, span]);
  expect(point).toEqual({
    at: span.at,
    clusters: 2,
    desired: 6,
    ready: 4,
    leastReady: 2,
    resources: [
      {
        resource: 'cpu',
        requested: '1000m',
        fairShare: '1960m',
        usedMean: '300m',
        usedMost: '400m',
        usedP95: '396m',
      },
    ],
  });
});

it('knows no use and no fair share where one cluster has none', () => {
  const unknown = { ...cpu, fairShare: null, measured: 0, usedSum: 0, usedMost: 0 };
  const [point] = joinSpans([span, { ...span, resources: [unknown] }]);
  expect(point?.resources).toEqual([
    { resource: 'cpu', requested: '1000m', fairShare: null, usedMean: null, usedMost: null, usedP95: null },
  ]);
});

it('writes memory in bytes and accelerators in pieces', () => {
  const resources = ['memory', 'gpu'].map(resource => ({ ...cpu, resource, requested: 2000 }));
  const [point] = joinSpans([{ ...span, resources }]);
  expect(point?.resources.map(({ requested }) => requested)).toEqual(['2000', '2']);
});

it('knows no percentile of a span that began before it was kept', () => {
  const [point] = joinSpans([{ ...span, resources: [{ ...cpu, used: undefined }] }]);
  expect(point?.resources[0]).toMatchObject({ usedMost: '200m', usedP95: null });
});
