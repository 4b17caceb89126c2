import type { ReportedDeployment, ReportedObject } from '@modelpier/backstage-plugin-modelpier-common';
import { renderPlan } from './plan-summary';

const planned = (
  name: string,
  action: ReportedObject['action'],
  diff?: string,
): ReportedDeployment['objects'][number] => ({
  ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps', name },
  action,
  status: { state: 'Unknown', reason: 'Planned', message: 'planned' },
  ...(diff !== undefined && { diff }),
});
const planOf = (...objects: readonly ReportedObject[]): ReportedDeployment => ({
  status: 'planned',
  namespace: 'apps',
  image: 'acme/mnist',
  objects,
  timeline: [],
});
const bounds = { mostCharacters: 10_000 };

it('says what would become of each object and shows what changes, new objects folded', () => {
  const text = renderPlan(
    planOf(
      planned('new', 'created', '+a: 1'),
      planned('old', 'configured', ' a:\n-b: 1\n+b: 2'),
      planned('same', 'unchanged'),
    ),
    bounds,
  );
  expect(text).toContain('| `ConfigMap/apps/new` | be created | +1 |');
  expect(text).toContain('| `ConfigMap/apps/old` | change | +1 -1 |');
  expect(text).toContain('| `ConfigMap/apps/same` | stay as it is |  |');
  expect(text).toContain('<details><summary><code>ConfigMap/apps/new</code> +1</summary>');
  expect(text).toContain(
    '<details open><summary><code>ConfigMap/apps/old</code> +1 -1</summary>\n\n```diff\n a:\n-b: 1\n+b: 2\n```\n\n</details>',
  );
});

it('names the objects whose diff does not fit, and shows those that do', () => {
  const text = renderPlan(
    planOf(planned('long', 'configured', `+${'x'.repeat(20_000)}`), planned('short', 'configured', '+a: 1')),
    bounds,
  );
  expect(text).toContain('The diffs of 1 object are too long to show: `ConfigMap/apps/long`');
  expect(text).toContain('+a: 1');
  expect(text.length).toBeLessThan(11_000);
});

it('tells what does not fit, worst and remedy, and what could not be compared', () => {
  const { ref } = planned('a', 'created');
  const text = renderPlan(
    {
      ...planOf(),
      fit: [
        { severity: 'refusal', object: ref, message: 'too small', remedy: 'raise it' },
        { severity: 'skipped', message: 'not compared with nodes' },
      ],
    },
    bounds,
  );
  expect(text).toContain('| **cannot work** | `ConfigMap/apps/a` | too small | raise it |');
  expect(text).toContain('| not checked |  | not compared with nodes |  |');
});

it('lets no manifest break out of its block', () => {
  const text = renderPlan(planOf(planned('a', 'configured', '+a: "```"\n+<details>')), bounds);
  expect(text).toContain('````diff\n+a: "```"\n+<details>\n````');
});
