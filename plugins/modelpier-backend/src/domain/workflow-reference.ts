import { ANNOTATION_LOCATION, type Entity } from '@backstage/catalog-model';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';

/** A workflow of a repository, each part of it checked. */
export interface WorkflowReference {
  readonly host: string;
  readonly owner: string;
  readonly repository: string;
  readonly workflow: string;
  /** Branch or tag that it is taken from. */
  readonly ref: string;
}

/** Which repositories the portal may start workflows of. */
export interface WorkflowRules {
  /** Hosts that an integration of the portal names. */
  readonly hosts: ReadonlySet<string>;
  /** `github.com/acme/models` or `github.com/acme/*`: repositories that other repositories' entities may name. */
  readonly repositories: readonly string[];
}

/** The key of Backstage's GitHub plugins, so that nobody annotates twice. */
const SLUG_ANNOTATION = 'github.com/project-slug';

const WORKFLOW = /^(?<file>[A-Za-z0-9_][\w.-]{0,99}\.ya?ml)(?:@(?<ref>[A-Za-z0-9_][\w./-]{0,199}))?$/;
const OWNER = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;
const REPOSITORY = /^(?!\.{1,2}$)[\w.-]{1,100}$/;
const DEFAULT_REF = 'main';

/**
 * The workflow that an annotation names. It is one of the repository that the entity was read from, as the catalog
 * itself notes it: else whoever registers an entity could start workflows of others with the portal's credentials.
 */
export function readWorkflow(entity: Entity, annotation: string, rules: WorkflowRules): WorkflowReference {
  const { annotations = {} } = entity.metadata;
  const file = readFile(annotations[annotation], annotation);
  const home = homeOf(annotations[ANNOTATION_LOCATION]);
  const place = slugOf(annotations[SLUG_ANNOTATION], home?.host ?? 'github.com') ?? home;
  if (place === undefined) {
    throw refused(
      'nothing says in which repository the workflow is',
      `register the entity from its repository, or give it the annotation ${SLUG_ANNOTATION}`,
    );
  }
  if (!rules.hosts.has(place.host)) {
    throw refused(`the portal has no GitHub integration for ${place.host}`, 'add it to integrations.github');
  }
  if (!isSame(place, home) && !isListed(place, rules.repositories)) {
    throw refused(
      `the entity was not read from ${formatPlace(place)}`,
      'register it from there, or add the repository to modelpier.workflowRepositories',
    );
  }
  return { ...place, ...file };
}

function readFile(
  written: string | undefined,
  annotation: string,
): Pick<WorkflowReference, 'workflow' | 'ref'> {
  if (written === undefined) {
    throw refused(
      `the entity has no annotation ${annotation}`,
      `name the workflow's file, such as ${annotation}: rollback.yml`,
    );
  }
  const { file, ref = DEFAULT_REF } = WORKFLOW.exec(written.trim())?.groups ?? {};
  if (file !== undefined && !ref.includes('..')) return { workflow: file, ref };
  throw refused(
    `${annotation} is not a workflow's file`,
    'write the name of a file in .github/workflows, with @branch where that is not main: rollback.yml@main',
  );
}

type Place = Pick<WorkflowReference, 'host' | 'owner' | 'repository'>;

const formatPlace = ({ host, owner, repository }: Place): string => `${host}/${owner}/${repository}`;
/** GitHub's names differ by more than case. */
const isSame = (place: Place, other: Place | undefined): boolean =>
  other !== undefined && formatPlace(place).toLowerCase() === formatPlace(other).toLowerCase();

const isListed = (place: Place, listed: readonly string[]): boolean =>
  listed.some(each => {
    const [name, own] = [each.toLowerCase(), formatPlace(place).toLowerCase()];
    return name.endsWith('/*') ? own.startsWith(name.slice(0, -1)) : name === own;
  });

/** The catalog writes it itself: `url:https://github.com/acme/mnist/tree/main/catalog-info.yaml`. */
function homeOf(location: string | undefined): Place | undefined {
  const address = location?.startsWith('url:') === true ? location.slice('url:'.length) : '';
  if (!URL.canParse(address)) return undefined;
  const { host, pathname, protocol } = new URL(address);
  const [, owner = '', repository = ''] = pathname.split('/');
  if (protocol !== 'https:') return undefined;
  return placeOf(host, owner, repository.replace(/\.git$/, ''));
}

function slugOf(slug: string | undefined, host: string): Place | undefined {
  if (slug === undefined) return undefined;
  const [owner = '', repository = '', ...rest] = slug.trim().split('/');
  const place = rest.length === 0 ? placeOf(host, owner, repository) : undefined;
  if (place !== undefined) return place;
  throw refused(`${SLUG_ANNOTATION} is not a repository`, 'write it as owner/repository');
}

const placeOf = (host: string, owner: string, repository: string): Place | undefined =>
  OWNER.test(owner) && REPOSITORY.test(repository) ? { host, owner, repository } : undefined;

const refused = (message: string, hint: string): ModelpierError =>
  new ModelpierError('unsupported', message, { hint });
