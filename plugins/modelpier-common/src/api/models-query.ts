/** What lists of models can be sorted by. */
export const MODEL_SORT_NAMES = [
  'name',
  'owner',
  'newest',
  'place',
  'versions',
  'health',
  'replicas',
  'size',
  'reuse',
  'cpu',
  'cpuShare',
  'memory',
  'memoryShare',
  'gpu',
  'gpuShare',
] as const;
export type ModelSortName = (typeof MODEL_SORT_NAMES)[number];

/** With a minus, the largest first. */
export type ModelSort = ModelSortName | `-${ModelSortName}`;
export const MODEL_SORTS: readonly ModelSort[] = MODEL_SORT_NAMES.flatMap(
  name => [name, `-${name}`] as const,
);
