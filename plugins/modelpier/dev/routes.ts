import { type DispatchAnswer, routes } from '@modelpier/backstage-plugin-modelpier-common';
import { type ModelFixture } from './fixtures';
import { type FleetFixture, modelsPageOf } from './fleet';

const REPOSITORY = 'acme/mnist-mlp';
export const RUN_URL = `https://github.com/${REPOSITORY}/actions/runs/7310099`;

const dispatched = (workflow: string): DispatchAnswer => ({
  repository: REPOSITORY,
  workflow,
  ref: 'main',
  runsUrl: `https://github.com/${REPOSITORY}/actions/workflows/${workflow}`,
  runUrl: RUN_URL,
});

/** What the backend answers below `/api/modelpier`, by path; nothing where it has no such thing. */
export const answerFor = (fixture: ModelFixture | FleetFixture, path: string): unknown =>
  'models' in fixture ? fleetAnswer(fixture, path) : modelAnswer(fixture, path);

function fleetAnswer(fixture: FleetFixture, path: string): unknown {
  const [route, query] = path.split('?');
  if (route === routes.models) return modelsPageOf(fixture, new URLSearchParams(query));
  if (route === routes.fleetAllocation) return fixture.allocation;
  return route === routes.fleetReuse ? fixture.reuse : undefined;
}

function modelAnswer(fixture: ModelFixture, path: string): unknown {
  const { entity } = fixture.model.model;
  const answers: Record<string, unknown> = {
    [routes.model(entity)]: fixture.model,
    [routes.versions(entity)]: fixture.versions,
    [`${routes.versions(entity)}?cursor=older`]: fixture.olderVersions,
    [routes.deployments(entity)]: fixture.deployments,
    [routes.releases(entity)]: fixture.releases,
    [`${routes.releases(entity)}?cursor=older`]: fixture.olderReleases,
    [`${routes.history(entity)}?range=week`]: fixture.history,
    [routes.allocation(entity)]: fixture.allocation,
    [routes.reuse(entity)]: fixture.reuse,
    [routes.refresh(entity)]: {},
    [routes.rollback(entity)]: dispatched('rollback.yml'),
    [routes.promote(entity)]: dispatched('promote.yml'),
  };
  for (const diff of fixture.diffs)
    answers[routes.diff(entity, diff.before.digest, diff.after.digest)] = diff;
  for (const detail of fixture.details) answers[routes.version(entity, detail.version.digest)] = detail;
  return answers[path];
}
