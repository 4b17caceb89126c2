import { nameOf, type Scene } from './container-scene';
import type { Cause, Finding } from './diagnosis';
import { containerField } from './facts';

const PULLS = [
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
];

interface Row {
  readonly cause: Cause;
  readonly says: RegExp;
  readonly what: string;
  readonly fix: (scene: Scene) => string;
}

/** In the words of containerd, CRI-O, Docker and registries; the first that fits decides. */
const ROWS: readonly Row[] = [
  {
    cause: 'image-name',
    says: /invalid reference format|InvalidImageName|couldn't parse image/i,
    what: 'its name is not valid',
    fix: scene => `correct \`${containerField(scene.container.name, 'image')}\``,
  },
  {
    cause: 'wrong-architecture',
    says: /no match for platform|no matching manifest for|does not match the specified platform/i,
    what: 'it holds nothing for the node',
    fix: ({ node }) =>
      `build it for the node too: \`platforms: linux/${node?.architecture ?? '<its architecture>'}\``,
  },
  {
    cause: 'image-unauthorized',
    says: /unauthorized|authentication required|denied|forbidden|insufficient_scope|authorization failed|no basic auth/i,
    what: 'the registry does not let the node pull it',
    fix: () =>
      'let the namespace pull from this registry: create a pull secret and name it in `imagePullSecrets` of the pod or of its service account',
  },
  {
    cause: 'image-unreachable',
    says: /toomanyrequests|too many requests|rate limit/i,
    what: 'the registry answers no more pulls for now',
    fix: () => 'log the nodes in to the registry, or pull from a mirror',
  },
  {
    cause: 'image-unreachable',
    says: /server gave HTTP response to HTTPS client|x509|certificate|tls:/i,
    what: 'node and registry do not agree on TLS',
    fix: () =>
      "give the registry a certificate that the nodes trust, or list it in the nodes' container runtime as insecure",
  },
  {
    cause: 'image-unreachable',
    says: /dial tcp|i\/o timeout|no such host|connection refused|deadline exceeded|EOF|5\d\d (?:Internal|Bad|Service|Gateway)/i,
    what: 'the node cannot reach the registry',
    fix: () => 'check that the nodes can resolve and reach the registry',
  },
  {
    cause: 'image-not-found',
    says: /not found|manifest unknown|NAME_UNKNOWN|does not exist/i,
    what: 'the registry does not have it',
    fix: notFound,
  },
  {
    cause: 'image-not-found',
    says: /ErrImageNeverPull/,
    what: 'the node does not hold it and must not pull it',
    fix: scene => `set \`${containerField(scene.container.name, 'imagePullPolicy')}\` to IfNotPresent`,
  },
];

function notFound({ facts, container }: Scene): string {
  return facts.isGenerated
    ? 'check that nobody deleted it since it was pushed, and that the nodes ask this registry and no stale mirror of it'
    : `check the name and the tag in \`${containerField(container.name, 'image')}\`, and that the image was pushed and not deleted since`;
}

/** Why a node does not get the image; the pod's own words are "back-off" by the second try, so events count too. */
export function imagePull(scene: Scene): Finding | undefined {
  const { reason = '', message = '' } = scene.container.state?.waiting ?? {};
  if (!PULLS.includes(reason)) return undefined;
  const told = scene.events.filter(event => EVENTS.includes(event.reason)).map(event => event.message);
  const { row, text } = explain([message, ...told, reason], scene) ?? UNEXPLAINED;
  const image = scene.container.image ?? 'its image';
  const words = bare(text).replace(`${image}: `, '');
  const quoted = ['', reason, 'not found'].includes(words) ? '' : ` (${words})`;
  return {
    cause: row.cause,
    explanation: `${nameOf(scene)} has no image: ${image} cannot be pulled, ${row.what}${quoted}`,
    fix: row.fix(scene),
  };
}

const EVENTS = ['Failed', 'InspectFailed'];
const UNEXPLAINED: Explained = {
  row: {
    cause: 'image-unreachable',
    says: /^/,
    what: 'the node does not say why',
    fix: () => 'look at the events of the pod',
  },
  text: '',
};

interface Explained {
  readonly row: Row;
  readonly text: string;
}

/** The first text that a row knows. */
function explain(texts: readonly string[], scene: Scene): Explained | undefined {
  for (const text of texts) {
    const row = ROWS.find(({ says }) => says.test(withoutName(text, scene)));
    if (row !== undefined) return { row, text };
  }
  return undefined;
}

/** An image may be called "denied". */
const withoutName = (text: string, { container }: Scene): string =>
  container.image === undefined ? text : text.replaceAll(container.image, '');

/** What the registry said, without the wrapping of the runtimes around it. */
const bare = (text: string): string =>
  text
    .replace(/^Failed to (?:pull image|apply default image tag) "[^"]*": /, '')
    .replace(/^rpc error: code = \w+ desc = /, '')
    .replace(/failed to pull and unpack image "[^"]*": (?:failed to resolve reference "[^"]*": )?/, '');
