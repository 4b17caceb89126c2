import { formatBytes, type VersionDiff } from '@modelpier/backstage-plugin-modelpier-common';
import { Text } from '@backstage/ui';
import { type ReactNode, useId } from 'react';
import { Chip } from '../ui/Chips';
import { Note } from '../ui/Note';
import { useTranslation } from '../use-translation';
import classes from './comparison.module.css';
import { FileTable, LayerDifferenceTable, MetricTable, SettingTable } from './difference-tables';

interface DifferencesProps {
  readonly diff: VersionDiff;
}

/** What matters to callers first: the model, its metrics; then what the image is made of. */
export function Differences({ diff }: DifferencesProps) {
  const { t } = useTranslation();
  const { metrics, layers, files, settings, bytes, platform, areFilesComplete } = diff;
  const inBytes = t('comparison.bytes', {
    same: formatBytes(bytes.same),
    added: formatBytes(bytes.added),
    removed: formatBytes(bytes.removed),
  });
  return (
    <div className={classes['sections']}>
      <Section title={t('comparison.facts')}>
        <Facts diff={diff} />
      </Section>
      <Section title={t('comparison.metrics')}>
        {metrics.length === 0 ? <Note>{t('comparison.noMetrics')}</Note> : <MetricTable metrics={metrics} />}
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

function Facts({ diff: { facts } }: DifferencesProps) {
  const { t } = useTranslation();
  if (facts === null) return <Note>{t('comparison.unknown')}</Note>;
  if (facts.length === 0) return <Note>{t('comparison.same')}</Note>;
  return (
    <ul className={classes['facts']}>
      {facts.map(({ text, isBreaking }) => (
        <li key={text}>
          {text}
          {isBreaking ? (
            <Chip tone="warning" title={t('comparison.breakingHint')}>
              {t('comparison.breaking')}
            </Chip>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Text as="h4" id={id} variant="body-medium" weight="bold">
        {title}
      </Text>
      {children}
    </section>
  );
}
