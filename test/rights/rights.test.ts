import { documentedRoles } from './documented-roles';
import { MODEL, NAMESPACE, type Played, playDeploys, type Scenario } from './deploy-steps';
import { accessOf, type Right, rightsOf } from './rights';

interface Mode extends Scenario {
  /** What its part of the page says to bind. */
  readonly roles: readonly string[];
}

const RELEASE = ['modelpier-deployer', 'modelpier-ledger'];

/** A Deployment and a Service of its own for each name; the first runs the model. */
const manifests = (...names: readonly string[]): string =>
  names
    .map(
      name => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: model, image: registry.test/acme/${MODEL} }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 80 }] }
`,
    )
    .join('---\n');

const tensor = { name: 'x', datatype: 'INT8', shape: [1], data: [1] };
/** Of the model that the stand-in's pods serve, whose answer is its input. */
const goldenFile = JSON.stringify({
  apiVersion: 'modelpier.io/v1',
  kind: 'Golden',
  cases: [{ name: 'one', inputs: [tensor], outputs: [tensor] }],
});

const MODES: Readonly<Record<string, Mode>> = {
  'a release, its successor, one that fails and is taken back, and a rollback': {
    roles: RELEASE,
    steps: [{ image: 'a' }, { image: 'b' }, { image: 'f', inputs: { rollback: 'on-failure' } }, {}],
  },
  'a release whose model is asked': {
    roles: [...RELEASE, 'modelpier-model-gate'],
    steps: [{ image: 'a' }],
  },
  'a release with a golden file': {
    roles: [...RELEASE, 'modelpier-model-gate', 'modelpier-golden'],
    files: { 'golden.json': goldenFile },
    steps: [{ image: 'a', inputs: { golden: 'require' } }],
  },
  autoscaling: {
    roles: [...RELEASE, 'modelpier-scaling'],
    spec: '  scaling: { replicas: 1, maxReplicas: 3 }\n',
    steps: [{ image: 'a' }, { image: 'b' }],
  },
  'a network policy': {
    roles: [...RELEASE, 'modelpier-network'],
    spec: '  network: { allowFrom: [web] }\n',
    steps: [{ image: 'a' }, { image: 'b' }],
  },
  pruning: {
    roles: [...RELEASE, 'modelpier-prune'],
    files: { 'both.yaml': manifests('one', 'two'), 'one.yaml': manifests('one') },
    steps: [
      { image: 'a', inputs: { manifests: 'both.yaml', prune: 'true' } },
      { image: 'b', inputs: { manifests: 'one.yaml', prune: 'true' } },
    ],
  },
  'a plan of what is new': {
    roles: ['modelpier-plan'],
    steps: [{ image: 'a', inputs: { 'dry-run': 'true' } }],
  },
  'a plan of what runs': {
    roles: ['modelpier-plan'],
    steps: [
      { image: 'a', isSetUp: true },
      { image: 'b', inputs: { 'dry-run': 'true' } },
    ],
  },
  'fit checks': {
    roles: ['modelpier-plan', 'modelpier-fit', 'modelpier-fit-nodes'],
    steps: [{ image: 'a', inputs: { 'dry-run': 'true' } }],
  },
};

const RELEASED = /"status":"(healthy|planned|rolled-back)"/;
const outcomes = new Map(
  Object.entries(MODES).map(([name, mode]) => [name, playDeploys(mode, accessOf(mode.roles, NAMESPACE))]),
);

/** Time runs fast in them, but not on a busy machine. */
const TIMEOUT_MS = 60_000;

it.each(Object.keys(MODES))(
  '%s goes through with the documented rights',
  async name => {
    const { told = [] } = (await outcomes.get(name)) ?? {};
    expect(told).toHaveLength(MODES[name]?.steps.length ?? NaN);
    for (const each of told) {
      expect(each).toMatch(RELEASED);
      expect(each).not.toContain('forbid');
    }
  },
  TIMEOUT_MS,
);

const OF_OTHERS = ['modelpier-portal'];
const roles = documentedRoles()
  .map(({ metadata }) => metadata.name)
  .filter(name => !OF_OTHERS.includes(name));

it('plays every Role of the page', () => {
  expect(new Set(Object.values(MODES).flatMap(mode => mode.roles))).toEqual(new Set(roles));
});

const rights = roles
  .flatMap(rightsOf)
  // The stand-in has no EndpointSlices; the end-to-end tests run with them.
  .filter(({ resource }) => resource !== 'endpointslices')
  .map(right => [`${right.verb} ${right.resource} of ${right.role}`, right] as const);

/** Makes a verdict sooner, and is done without in silence: it is enough that it is used. */
const HELPFUL = 'watch events of modelpier-deployer';

it.concurrent.each(rights)(
  'is worse off without the right to %s',
  async (title, right) => {
    for (const [name, mode] of Object.entries(MODES)) {
      if (!mode.roles.includes(right.role)) continue;
      const whole = await outcomes.get(name);
      const isUsed = whole?.asked.includes(`${right.verb} ${right.resource}`) === true;
      if (title === HELPFUL ? isUsed : await differs(mode, whole, right)) return;
    }
    throw new Error(`nothing needs to ${right.verb} ${right.resource}`);
  },
  TIMEOUT_MS,
);

async function differs(mode: Mode, whole: Played | undefined, without: Right): Promise<boolean> {
  const { told } = await playDeploys(mode, accessOf(mode.roles, NAMESPACE, without));
  return told.some((each, at) => each !== whole?.told[at]);
}
