import { Link } from '@backstage/ui';
import { commitAddress, shortCommit } from '../safe-link';
import classes from './text.module.css';

export interface CommitLinkProps {
  readonly commit: string | null;
  /** The repository the image was built from. */
  readonly source: string | null;
}

/** The commit, as a link where its repository is known. */
export function CommitLink({ commit, source }: CommitLinkProps) {
  if (commit === null) return <>–</>;
  const href = commitAddress(source, commit);
  const shown = <code className={classes['code']}>{shortCommit(commit)}</code>;
  if (href === undefined) return shown;
  return (
    <Link href={href} target="_blank" rel="noopener">
      {shown}
    </Link>
  );
}
