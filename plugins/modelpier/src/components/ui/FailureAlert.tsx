import { Alert } from '@backstage/ui';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { useAge } from '../../hooks/use-age';
import { useTranslation } from '../use-translation';

export interface FailureAlertProps {
  readonly error: Error;
  /** When the rows that still stand were read. */
  readonly receivedAt: Date | undefined;
}

/** What failed and what to do about it; quieter where older rows are still shown. */
export function FailureAlert({ error, receivedAt }: FailureAlertProps) {
  const { t } = useTranslation();
  const age = useAge();
  const hint = error instanceof ModelpierError ? error.hint : undefined;
  const told =
    receivedAt === undefined
      ? error.message
      : t('frame.staleDescription', {
          age: age(receivedAt.toISOString()),
          reason: error.message,
        });
  return (
    <Alert
      role="alert"
      status={receivedAt === undefined ? 'danger' : 'warning'}
      icon
      title={t(receivedAt === undefined ? 'frame.failedTitle' : 'frame.staleTitle')}
      description={
        <>
          <div>{told}</div>
          {hint === undefined ? null : <div>{hint}</div>}
        </>
      }
    />
  );
}
