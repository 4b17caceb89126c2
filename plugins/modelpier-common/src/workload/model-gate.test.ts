import { type ServerAnswer, type ServerAnswers, modelHealth, modelQuestions } from './model-gate';
import type { State } from './status';

const ok = (json: unknown = {}): ServerAnswer => ({ status: 200, json });
const says = (status: number): ServerAnswer => ({ status, json: { error: 'no' } });
const answers = (over: Partial<ServerAnswers> = {}): ServerAnswers => ({
  serverReady: ok({ live: true, ready: true }),
  modelReady: ok({ name: 'mnist', ready: true }),
  metadata: ok({
    name: 'mnist',
    versions: ['1.4.0'],
    platform: 'pytorch_torchscript',
    inputs: [],
    outputs: [],
  }),
  ...over,
});
const versions = (...all: unknown[]): Partial<ServerAnswers> => ({ metadata: ok({ versions: all }) });

it.each<[string, Partial<ServerAnswers>, string | undefined, State, string]>([
  ['ready with its version', {}, '1.4.0', 'Current', 'ModelReady'],
  ['ready, no version expected', {}, undefined, 'Current', 'ModelReady'],
  ['ready, without versions', { metadata: ok({ name: 'mnist' }) }, '1.4.0', 'Current', 'ModelReady'],
  ['one of several versions', versions('1.3.0', '1.4.0'), '1.4.0', 'Current', 'ModelReady'],
  ['the version before', versions('1.3.0'), '1.4.0', 'Failed', 'WrongModelVersion'],
  ['a count of versions, which is no release', versions('1'), '1.4.0', 'Current', 'ModelReady'],
  ['a release that is a count itself', versions('7'), '7', 'Current', 'ModelReady'],
  ['a count beside the version before', versions('1', '1.3.0'), '1.4.0', 'Failed', 'WrongModelVersion'],
  ['versions of another shape', versions(7), '1.4.0', 'Current', 'ModelReady'],
  [
    'metadata that is no JSON',
    { metadata: { status: 200, json: undefined } },
    '1.4.0',
    'Current',
    'ModelReady',
  ],
  ['no metadata', { metadata: says(404) }, '1.4.0', 'Current', 'ModelReady'],
  ['the server is loading', { serverReady: says(503) }, '1.4.0', 'InProgress', 'ServerNotReady'],
  ['the server fails', { serverReady: says(500) }, '1.4.0', 'InProgress', 'ServerNotReady'],
  ['the model is loading', { modelReady: says(503) }, '1.4.0', 'InProgress', 'ModelNotReady'],
  [
    'the model says no in so many words',
    { modelReady: ok({ ready: false }) },
    '1.4.0',
    'InProgress',
    'ModelNotReady',
  ],
  ['another protocol', { serverReady: says(404) }, '1.4.0', 'Current', 'ModelNotAsked'],
  ['another model', { modelReady: says(404) }, '1.4.0', 'Current', 'ModelNotAsked'],
])('%s', (_name, over, version, ...[state, reason]) => {
  expect(modelHealth(answers(over), { model: 'mnist', version })).toMatchObject({ state, reason });
});

it('says what the server says, and what it should', () => {
  expect(modelHealth(answers(versions('1.3.0')), { model: 'mnist', version: '1.4.0' }).message).toBe(
    'model mnist says version 1.3.0, not 1.4.0',
  );
});

it('asks by the name of the model, whatever is in it', () => {
  expect(modelQuestions('a/b').modelReady).toBe('/v2/models/a%2Fb/ready');
});
