import { Link, Skeleton } from '@backstage/ui';
import { useEntity } from '@backstage/plugin-catalog-react';
import { type Digest, type VersionDiff } from '@modelpier/backstage-plugin-modelpier-common';
import { type ReactNode } from 'react';
import { useVersionDiff } from '../../hooks/questions';
import { useFigures } from '../../hooks/use-figures';
import { FactChanges } from '../versions/FactChanges';
import { hasMetrics } from '../versions/has-metrics';
import { marksOf } from '../versions/marks';
import { Note } from '../ui/Note';
import { useTranslation } from '../use-translation';
import classes from './ActionDialog.module.css';

export interface ChangePreviewProps {
  readonly before: Digest | null;
  readonly after: Digest | null;
  /** The tab that compares both in full. */
  readonly comparison: string;
}

/** What is another with the version that will run: of the model first, then of the image and its proofs. */
export function ChangePreview({ before, after, comparison }: ChangePreviewProps) {
  const { t } = useTranslation();
  if (before === null || after === null) return <Note>{t('actions.notComparable')}</Note>;
  return <Preview before={before} after={after} comparison={comparison} />;
}

interface PreviewProps {
  readonly before: Digest;
  readonly after: Digest;
  readonly comparison: string;
}

function Preview({ before, after, comparison }: PreviewProps) {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const figures = useFigures();
  const { value, error } = useVersionDiff(entity, before, after);
  if (value === undefined)
    return error === undefined ? (
      <Skeleton height={120} />
    ) : (
      <Note>{t('actions.comparisonFailed', { reason: error.message })}</Note>
    );
  return (
    <div>
      <dl className={classes['differences']} aria-label={t('actions.differences')}>
        <Row term={t('comparison.facts')}>
          <FactChanges facts={value.facts} />
        </Row>
        <Row term={t('comparison.metrics')}>
          <Metrics diff={value} />
        </Row>
        <Row term={t('comparison.layers')}>
          {t('comparison.bytes', {
            same: figures.bytes(value.bytes.same),
            added: figures.bytes(value.bytes.added),
            removed: figures.bytes(value.bytes.removed),
          })}
        </Row>
        <Row term={t('comparison.settings')}>
          <Settings settings={value.settings} />
        </Row>
        <Row term={t('marks.title')}>
          <Marks diff={value} />
        </Row>
      </dl>
      <div className={classes['more']}>
        <Link
          href={`${comparison}?compare=${encodeURIComponent(before)}&compare=${encodeURIComponent(after)}`}
        >
          {t('actions.compareAll')}
        </Link>
      </div>
    </div>
  );
}

function Row({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Metrics({ diff }: { readonly diff: VersionDiff }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const told = diff.metrics.filter(({ before, after }) => before !== after);
  if (told.length === 0)
    return <Note>{t(hasMetrics(diff) ? 'comparison.same' : 'comparison.noMetrics')}</Note>;
  return told.map(({ name, before, after }) => (
    <div key={name}>
      {before === null || after === null
        ? t('actions.metricOfOne', {
            name,
            before: before === null ? '–' : figures.metric(before),
            after: after === null ? '–' : figures.metric(after),
          })
        : t('actions.metric', {
            name,
            before: figures.metric(before),
            after: figures.metric(after),
            change: figures.change(after - before),
          })}
    </div>
  ));
}

/** More names than these are for the comparison. */
const MOST_NAMED = 3;

function Settings({ settings }: { readonly settings: VersionDiff['settings'] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  if (settings === null) return <Note>{t('comparison.unknown')}</Note>;
  if (settings.length === 0) return <Note>{t('comparison.same')}</Note>;
  const names = new Intl.ListFormat(figures.language, { type: 'unit' }).format(
    settings.slice(0, MOST_NAMED).map(({ name }) => name),
  );
  if (settings.length <= MOST_NAMED) return <>{names}</>;
  return <>{t('actions.andMore', { names, count: settings.length - MOST_NAMED })}</>;
}

function Marks({ diff: { before, after } }: { readonly diff: VersionDiff }) {
  const { t } = useTranslation();
  const had = new Map(marksOf(before).map(({ id, says }) => [id, says]));
  const changes = marksOf(after).flatMap(({ id, says }) => {
    const saidBefore = had.get(id) ?? says;
    return saidBefore === says ? [] : [{ id, says, saidBefore }];
  });
  if (changes.length === 0) return <Note>{t('comparison.same')}</Note>;
  return changes.map(({ id, says, saidBefore }) => (
    <div key={id}>
      {t('actions.markChange', {
        mark: t(`marks.${id}.name`),
        before: t(`marks.says.${saidBefore}`),
        after: t(`marks.says.${says}`),
      })}
    </div>
  ));
}
