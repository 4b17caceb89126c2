import {
  ENVIRONMENT_PATTERN,
  GOLDEN_VERDICTS,
  HISTORY_RANGES,
  HISTORY_SPANS,
  RELEASE_VERDICTS,
  REQUEST_ID_PATTERN,
  VERSION_PATTERN,
} from '@modelpier/backstage-plugin-modelpier-common';
import {
  count,
  described,
  digest,
  flag,
  list,
  nullable,
  number,
  object,
  oneOf,
  ref,
  type Schema,
  text,
  time,
} from './json-schema';

const sources = list(ref('Source'));
const verdict = oneOf(RELEASE_VERDICTS);
const matching = (pattern: string): Schema => ({ type: 'string', pattern });
const link = object({ id: text, version: text });

const requestId = described(
  matching(REQUEST_ID_PATTERN),
  'What is asked for again under the same name is started once.',
);

const closed = (schema: Schema): Schema => ({ ...schema, additionalProperties: false });

export const releases: Readonly<Record<string, Schema>> = {
  RollbackRequest: closed(
    object({
      environment: matching(ENVIRONMENT_PATTERN),
      'version?': described(matching(VERSION_PATTERN), 'Left out: the last healthy one before what runs.'),
      'requestId?': requestId,
    }),
  ),
  PromoteRequest: closed(
    object({ environment: matching(ENVIRONMENT_PATTERN), digest, 'requestId?': requestId }),
  ),
  DispatchAnswer: object({
    repository: text,
    workflow: text,
    ref: text,
    runsUrl: text,
    'runUrl?': described(text, 'Its run, where GitHub tells of it.'),
  }),
  GoldenNote: described(
    object({ verdict: oneOf(GOLDEN_VERDICTS), cases: count, 'p95Ms?': number, 'coldStartMs?': count }),
    'What the pods answered to the golden file; of several pods the slowest.',
  ),
  Release: object({
    id: text,
    cluster: text,
    namespace: text,
    environment: nullable(text),
    version: text,
    image: text,
    digest: nullable(digest),
    commit: nullable(text),
    actor: nullable(text),
    runUrl: nullable(text),
    startedAt: time,
    finishedAt: described(nullable(time), 'Null while it is in progress.'),
    verdict,
    reason: nullable(text),
    diagnosis: nullable(text),
    'golden?': ref('GoldenNote'),
    'rolledBackTo?': link,
    'rolledBackFrom?': link,
    canReturn: described(flag, 'Whether one can go back to it.'),
  }),
  ReleasesPage: object({ items: list(ref('Release')), nextCursor: nullable(text), total: count, sources }),
  HistoryAnswer: object({
    range: oneOf(HISTORY_RANGES),
    span: oneOf(HISTORY_SPANS),
    from: time,
    until: time,
    points: described(
      list(
        object({
          at: time,
          clusters: count,
          desired: count,
          ready: count,
          leastReady: count,
          resources: list(
            object({
              resource: text,
              requested: text,
              fairShare: nullable(text),
              usedMean: nullable(text),
              usedMost: nullable(text),
              'usedP95?': described(
                nullable(text),
                'The 95th percentile of the readings in the span, within a hundredth; of several clusters the sum of theirs.',
              ),
            }),
          ),
        }),
      ),
      'Oldest first; at most one for each span of the range.',
    ),
    versions: list(object({ at: time, digest, version: nullable(text) })),
    releases: list(
      object({
        at: time,
        id: text,
        cluster: text,
        namespace: text,
        'environment?': text,
        version: text,
        verdict,
      }),
    ),
    sources,
  }),
};
