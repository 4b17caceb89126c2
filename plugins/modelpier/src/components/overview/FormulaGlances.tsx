import { type ModelSummary, unitOf, type Version } from '@modelpier/backstage-plugin-modelpier-common';
import { useFigures } from '../../hooks/use-figures';
import { Meter } from '../ui/Meter';
import { useTranslation } from '../use-translation';
import { Glance } from './Glance';
import classes from './overview.module.css';

type Resource = NonNullable<ModelSummary['allocation']>['resources'][number];

/** Twice the fair share fills a bar; the mark stands at the fair share. */
const BAR_END = 2;

/** What is requested against n * R, over all clusters; the tab Resources has it in full. */
export function AllocationGlance({ model }: { readonly model: ModelSummary | undefined }) {
  const { t } = useTranslation();
  const { percent } = useFigures();
  const label = t('overview.ofFairShare');
  if (model === undefined) return <Glance label={label} figure={undefined} />;
  const resources = model.allocation?.resources ?? [];
  const [largest] = resources.map(({ share }) => share ?? -1).sort((a, b) => b - a);
  if (largest === undefined) {
    return (
      <Glance label={label} figure={t('overview.noAllocation')}>
        {t('overview.noAllocationHint')}
      </Glance>
    );
  }
  return (
    <Glance label={label} figure={largest < 0 ? t('resources.unknown') : percent(largest)}>
      {resources.map(resource => (
        <ResourceShare key={resource.resource} resource={resource} />
      ))}
    </Glance>
  );
}

function ResourceShare({
  resource: { resource, requested, fairShare, share },
}: {
  readonly resource: Resource;
}) {
  const { t } = useTranslation();
  const figures = useFigures();
  const unit = unitOf(resource);
  const words = t('overview.requestedOf', {
    requested: figures.amount(unit, requested),
    fairShare: figures.amount(unit, fairShare),
  });
  return (
    <div className={classes['share']}>
      <span>{words}</span>
      {share === null ? null : (
        <Meter label={figures.resource(unit)} text={words} ratio={share} max={BAR_END} mark={1} />
      )}
    </div>
  );
}

/** How many bytes of the newest version were there before. */
export function ReuseGlance({ model }: { readonly model: ModelSummary | undefined }) {
  const { t } = useTranslation();
  const { percent } = useFigures();
  const label = t('overview.reuse');
  if (model === undefined) return <Glance label={label} figure={undefined} />;
  const ratio = model.newest?.reuseRatio ?? null;
  if (model.newest === null || ratio === null) {
    return (
      <Glance label={label} figure={t('overview.noReuse')}>
        {t('overview.noReuseHint')}
      </Glance>
    );
  }
  return (
    <Glance label={label} figure={percent(ratio)}>
      <ReusedBytes newest={model.newest} ratio={ratio} />
    </Glance>
  );
}

function ReusedBytes({ newest, ratio }: { readonly newest: Version; readonly ratio: number }) {
  const { t } = useTranslation();
  const { bytes } = useFigures();
  const words = t('overview.reuseOf', {
    total: bytes(newest.sizeBytes),
    newSize: bytes(newest.newBytes),
    version: newest.version ?? newest.tags[0] ?? t('versions.untagged'),
  });
  return (
    <>
      <Meter label={t('overview.reuse')} text={words} ratio={ratio} />
      <span>{words}</span>
    </>
  );
}
