import type { Github } from './connect-github';
import type { OrWarning } from './deployments';
import { explainRefusal } from './refusal';

/** What of GitHub's REST API a comment needs; a pull request's comments are those of its issue. */
export type CommentsPort = Pick<Github['issues'], 'createComment' | 'listComments' | 'updateComment'>;

export interface PlanComment {
  readonly owner: string;
  readonly repo: string;
  readonly pullRequest: number;
  /** What the body begins with, by which a later run finds it again. */
  readonly marker: string;
  readonly body: string;
}

const ADVICE = {
  permission: 'pull-requests: write',
  otherwise: 'set comment: false; a pull request from a fork gets a token that may only read',
};

/** Names the model and the environment, for a pull request may plan several; invisible to a reader. */
export const planMarker = (model: string, environment: string | undefined): string =>
  `<!-- modelpier:plan ${JSON.stringify([model, environment ?? '']).replace(/--|[<>]/g, '')} -->`;

/** Writes the plan into the pull request, in place of the one before; answers the comment's address. */
export async function writePlanComment(
  github: CommentsPort,
  comment: PlanComment,
): Promise<OrWarning<string>> {
  const { owner, repo, pullRequest, body } = comment;
  try {
    const earlier = await findComment(github, comment);
    if (earlier?.body === body) return { value: earlier.html_url };
    const { data } =
      earlier === undefined
        ? await github.createComment({ owner, repo, issue_number: pullRequest, body })
        : await github.updateComment({ owner, repo, comment_id: earlier.id, body });
    return { value: data.html_url };
  } catch (error) {
    return { warning: explainRefusal(`comment on pull request ${pullRequest}`, error, ADVICE) };
  }
}

const PAGE = 100;
/** In a longer discussion a new comment at its end is easier to find than the old one. */
const MOST_PAGES = 20;

type Comment = Awaited<ReturnType<CommentsPort['listComments']>>['data'][number];

async function findComment(
  github: CommentsPort,
  { owner, repo, pullRequest, marker }: PlanComment,
): Promise<Comment | undefined> {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { data } = await github.listComments({
      owner,
      repo,
      issue_number: pullRequest,
      per_page: PAGE,
      page,
    });
    const found = data.find(comment => comment.body?.startsWith(marker) === true && isTrusted(comment));
    if (found !== undefined || data.length < PAGE) return found;
  }
  return undefined;
}

const INSIDERS: readonly string[] = ['OWNER', 'MEMBER', 'COLLABORATOR'];

/** Whoever wrote a comment may edit it later: a stranger's, marker and all, is no place for a plan. */
const isTrusted = ({ user, author_association: association }: Comment): boolean =>
  user?.type === 'Bot' || INSIDERS.includes(association);
