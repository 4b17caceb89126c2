import { type Source } from '@modelpier/backstage-plugin-modelpier-common';
import { useTranslation } from '../use-translation';
import { EmptyState, type EmptyStateProps } from './EmptyState';

export interface EmptyAnswerProps extends EmptyStateProps {
  readonly answer: { readonly sources: readonly Source[] } | undefined;
  /** Those that would have told. */
  readonly of: Source['kind'];
}

/** Nothing was found; or nobody knows yet, where a source that would have told was never read. */
export function EmptyAnswer({ answer, of, ...found }: EmptyAnswerProps) {
  const { t } = useTranslation();
  const isUnread = answer?.sources.some(({ kind, observedAt }) => kind === of && observedAt === null);
  return isUnread ? (
    <EmptyState title={t('frame.unreadTitle')} hint={t('frame.unreadHint')} />
  ) : (
    <EmptyState {...found} />
  );
}
