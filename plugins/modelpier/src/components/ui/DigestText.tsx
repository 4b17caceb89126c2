import { type Digest, shortDigest } from '@modelpier/backstage-plugin-modelpier-common';
import { useTranslation } from '../use-translation';
import { CopyButton } from './CopyButton';
import classes from './text.module.css';

/** The short digest as people compare it; the copy holds all of it. */
export function DigestText({ digest }: { readonly digest: Digest }) {
  const { t } = useTranslation();
  const short = shortDigest(digest);
  return (
    <span className={classes['line']}>
      <code className={classes['code']} title={digest}>
        {short}
      </code>
      <CopyButton label={t('copy.digest', { digest: short })} text={digest} />
    </span>
  );
}
