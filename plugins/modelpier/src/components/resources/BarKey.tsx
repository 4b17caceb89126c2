import { type ReactNode } from 'react';
import { useTranslation } from '../use-translation';
import classes from './AllocationBar.module.css';

const SAMPLE_WIDTH = 28;
const SAMPLE_HEIGHT = 14;

/** What the parts of an allocation bar mean. */
export function BarKey() {
  const { t } = useTranslation();
  return (
    <ul className={classes['key']}>
      <li>
        <Sample />
        {t('resources.key.total')}
      </li>
      <li>
        <Sample>
          <rect className={classes['own']} width={SAMPLE_WIDTH} height={SAMPLE_HEIGHT} />
          <path className={classes['mark']} d={`M${SAMPLE_WIDTH - 1} 0V${SAMPLE_HEIGHT}`} />
        </Sample>
        {t('resources.key.fairShare')}
      </li>
      <li>
        <Sample>
          <rect className={classes['requested']} y={3} width={SAMPLE_WIDTH - 6} height={8} />
        </Sample>
        {t('resources.key.requested')}
      </li>
      <li>
        <Sample>
          <rect className={classes['requested']} y={3} width={SAMPLE_WIDTH - 6} height={8} />
          <rect className={classes['used']} y={5.5} width={12} height={3} />
        </Sample>
        {t('resources.key.used')}
      </li>
      <li>
        <Sample>
          <rect className={classes['limit']} y={2} width={SAMPLE_WIDTH - 6} height={10} />
        </Sample>
        {t('resources.key.limit')}
      </li>
      <li>
        <Sample>
          <path className={classes['mark']} d={`M${SAMPLE_WIDTH / 2} 0V${SAMPLE_HEIGHT}`} />
        </Sample>
        {t('resources.key.mark')}
      </li>
    </ul>
  );
}

function Sample({ children }: { readonly children?: ReactNode }) {
  return (
    <svg viewBox={`0 0 ${SAMPLE_WIDTH} ${SAMPLE_HEIGHT}`} aria-hidden className={classes['sample']}>
      <rect className={classes['rail']} width={SAMPLE_WIDTH} height={SAMPLE_HEIGHT} />
      {children}
    </svg>
  );
}
