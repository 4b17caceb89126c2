import { ButtonIcon } from '@backstage/ui';
import { RiRefreshLine } from '@remixicon/react';
import { useAge } from '../../hooks/use-age';
import { type Asked } from '../../hooks/use-polled';
import { useTranslation } from '../use-translation';
import classes from './Freshness.module.css';

export interface FreshnessProps {
  readonly asked: Pick<Asked<unknown>, 'receivedAt' | 'refreshing'>;
  readonly onRefresh: () => void;
}

/** How old the page is, and a button that renews it. */
export function Freshness({ asked, onRefresh }: FreshnessProps) {
  const { t } = useTranslation();
  const age = useAge();
  const { receivedAt, refreshing } = asked;
  const told =
    receivedAt === undefined
      ? t('frame.loading')
      : t('frame.updated', { age: age(receivedAt.toISOString()) });
  return (
    <div className={classes['freshness']}>
      <span>{told}</span>
      <ButtonIcon
        size="small"
        variant="tertiary"
        aria-label={t('frame.refresh')}
        icon={<RiRefreshLine size={16} />}
        isPending={refreshing}
        onPress={onRefresh}
      />
    </div>
  );
}
