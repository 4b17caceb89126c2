import { routes } from '@modelpier/backstage-plugin-modelpier-common';
import { type ModelFixture } from './fixtures';

/** What the backend answers below `/api/modelpier`, by path; nothing where it has no such thing. */
export function answerFor(fixture: ModelFixture, path: string): unknown {
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
  };
  for (const diff of fixture.diffs)
    answers[routes.diff(entity, diff.before.digest, diff.after.digest)] = diff;
  for (const detail of fixture.details) answers[routes.version(entity, detail.version.digest)] = detail;
  return answers[path];
}
