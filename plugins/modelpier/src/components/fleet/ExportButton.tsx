import { Button } from '@backstage/ui';
import { RiCloseLine, RiDownloadLine } from '@remixicon/react';
import { type ModelsQuestion } from '../../api/modelpier-api';
import { useExport } from '../../hooks/use-export';
import { useFigures } from '../../hooks/use-figures';
import { useTranslation } from '../use-translation';
import { csvHead, csvLines } from './models-csv';
import { saveFile } from './save-file';

const HEAD = csvHead();

/** Saves every model that fits as CSV, also those that were never scrolled to; a second press ends it. */
export function ExportButton({ question }: { readonly question: ModelsQuestion }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { progress, error, start, cancel } = useExport({
    question,
    head: HEAD,
    write: csvLines,
    save: parts => saveFile('models.csv', 'text/csv;charset=utf-8', parts),
  });
  const Icon = progress === undefined ? RiDownloadLine : RiCloseLine;
  return (
    <>
      <Button
        size="small"
        variant="secondary"
        iconStart={<Icon size={16} />}
        onPress={progress === undefined ? start : cancel}
      >
        {progress === undefined
          ? t('fleet.export')
          : t('fleet.exporting', {
              done: figures.count(progress.done),
              total: figures.count(progress.total),
            })}
      </Button>
      <span role="status">
        {error === undefined ? null : t('fleet.exportFailed', { reason: error.message })}
      </span>
    </>
  );
}
