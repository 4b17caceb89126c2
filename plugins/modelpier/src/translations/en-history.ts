/** How a model stood over time. */
export const enHistory = {
  title: 'Over time',
  range: 'How far back',
  ranges: {
    day: '24 hours',
    week: '7 days',
    month: '30 days',
    quarter: '3 months',
    year: '1 year',
  },
  span: {
    hour: 'Each point is one hour; a gap means that nothing was read, or that metrics were not available.',
    day: 'Each point is one day; a gap means that nothing was read, or that metrics were not available.',
  },
  fewerClusters_one: 'In some spans the cluster was not read in full.',
  fewerClusters_other:
    'In some spans fewer than the {{count}} clusters were read; the sums of those leave the others out.',
  marks: 'A dotted line is a release, a red one a release that failed.',
  empty:
    'Nothing was read in this time. The first point appears with the next collection of a cluster that runs the model.',
  asTable: 'As a table',
  at: 'From',
  replicas: 'Replicas',
  clusters: 'Clusters read',
  replicasOf: '{{ready}} of {{desired}} ready, {{fewest}} at the fewest',
  usedOf: '{{resource}}, used',
  meanAndMost: '{{mean}}, at most {{most}}',
  meanHighAndMost: '{{mean}}, 95 % of readings at most {{high}}, all at most {{most}}',
  requestedOf: '{{resource}}, requested',
  fairShareOf: '{{resource}}, fair share',
  usedMean: 'Used, mean',
  usedMost: 'Used, most',
  requested: 'Requested',
  fairShare: 'Fair share n × R',
  fairShareAbove: 'Fair share n × R, above the chart',
  ready: 'Ready',
  leastReady: 'Ready, fewest',
  desired: 'Desired',
  resourceText:
    '{{resource}} over time. Now used: {{used}}; the most in this time: {{most}}; requested: {{requested}}.',
  replicaText:
    'Replicas over time. Now ready: {{ready}} of {{desired}}; the fewest in this time: {{fewest}}.',
  mark: '{{at}}: release {{version}} in {{place}}, {{verdict}}',
} as const;
