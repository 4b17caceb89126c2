import { type VersionDiff } from '@modelpier/backstage-plugin-modelpier-common';
import { Note } from '../ui/Note';
import { Section } from '../ui/Section';
import { useTranslation } from '../use-translation';
import classes from './comparison.module.css';
import { useFigures } from '../../hooks/use-figures';
import { FactChanges } from './FactChanges';
import { hasMetrics } from './has-metrics';
import { FileTable, LayerDifferenceTable, MetricTable, SettingTable } from './difference-tables';

interface DifferencesProps {
  readonly diff: VersionDiff;
}

/** What matters to callers first: the model, its metrics; then what the image is made of. */
export function Differences({ diff }: DifferencesProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { facts, metrics, layers, files, settings, bytes, platform, areFilesComplete } = diff;
  const inBytes = t('comparison.bytes', {
    same: figures.bytes(bytes.same),
    added: figures.bytes(bytes.added),
    removed: figures.bytes(bytes.removed),
  });
  return (
    <div className={classes['sections']}>
      <Section title={t('comparison.facts')}>
        <FactChanges facts={facts} />
      </Section>
      <Section title={t('comparison.metrics')}>
        {metrics.length === 0 ? (
          <Note>{t(hasMetrics(diff) ? 'comparison.same' : 'comparison.noMetrics')}</Note>
        ) : (
          <MetricTable metrics={metrics} />
        )}
      </Section>
      <Section title={t('comparison.layers')}>
        <Note>
          {inBytes} {platform === null ? null : t('comparison.platform', { platform })}
        </Note>
        <LayerDifferenceTable layers={layers} />
      </Section>
      <Section title={t('comparison.files')}>
        {files.length === 0 ? <Note>{t('comparison.same')}</Note> : <FileTable files={files} />}
        {areFilesComplete ? null : <Note>{t('comparison.filesIncomplete')}</Note>}
      </Section>
      <Section title={t('comparison.settings')}>
        {settings === null || settings.length === 0 ? (
          <Note>{t(settings === null ? 'comparison.unknown' : 'comparison.same')}</Note>
        ) : (
          <SettingTable settings={settings} />
        )}
      </Section>
    </div>
  );
}
