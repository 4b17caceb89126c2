import { type AllocatedResource, formatAmount } from '@modelpier/backstage-plugin-modelpier-common';
import { Note } from '../ui/Note';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';

/** R = T / N with the numbers that went in, or why there is none. */
export function FairShare({ allocated }: { readonly allocated: AllocatedResource }) {
  const { t } = useTranslation();
  const { resource, total, containers, fairShare } = allocated;
  if (fairShare === null || total === null) return <Note>{reasonOf(allocated, t)}</Note>;
  return (
    <span className={text['nowrap']}>
      {t('resources.equation', {
        total: formatAmount(resource, total),
        containers: String(containers),
        share: formatAmount(resource, fairShare),
      })}
    </span>
  );
}

function reasonOf({ resource, total, reason }: AllocatedResource, t: Translate): string {
  switch (reason) {
    case 'no-containers':
      return total === null
        ? t('resources.unknown')
        : t('resources.noContainers', { total: formatAmount(resource, total) });
    case 'none-in-scope':
      return t('resources.noneInScope');
    case 'forbidden':
      return t('resources.forbidden');
    case undefined:
      return t('resources.unknown');
  }
}
