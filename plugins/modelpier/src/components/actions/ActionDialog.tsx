import { Alert, Button, Dialog, DialogBody, DialogFooter, DialogHeader, Skeleton } from '@backstage/ui';
import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import { type ReactNode } from 'react';
import { useTranslation } from '../use-translation';
import classes from './ActionDialog.module.css';

export interface ActionDialogProps {
  readonly title: string;
  /** What the button says that starts it. */
  readonly confirm: string;
  /** Why it cannot be started as it stands. */
  readonly refusal: string | undefined;
  readonly isLoading: boolean;
  readonly isPending: boolean;
  readonly error: Error | undefined;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Says what will change before anything is started; while it is being started, it stays. */
export function ActionDialog(props: ActionDialogProps) {
  const { title, confirm, refusal, isLoading, isPending, error, onConfirm, onClose, children } = props;
  const { t } = useTranslation();
  return (
    <Dialog
      isOpen
      isDismissable={!isPending}
      isKeyboardDismissDisabled={isPending}
      onOpenChange={isOpen => {
        if (!isOpen) onClose();
      }}
      width="min(720px, 92vw)"
    >
      <DialogHeader className={classes['header']}>{title}</DialogHeader>
      <DialogBody className={classes['body']}>
        {isLoading ? <Skeleton height={160} /> : children}
        {error === undefined ? null : <Refused error={error} />}
        {refusal === undefined || isLoading ? null : (
          <Alert role="status" status="info" icon title={refusal} />
        )}
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" isDisabled={isPending} onPress={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button
          variant="primary"
          isDisabled={refusal !== undefined || isLoading}
          isPending={isPending}
          onPress={onConfirm}
        >
          {confirm}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function Refused({ error }: { readonly error: Error }) {
  const { t } = useTranslation();
  const hint = error instanceof ModelpierError ? error.hint : undefined;
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={t('actions.failed')}
      description={
        <>
          <div>{error.message}</div>
          {hint === undefined ? null : <div>{hint}</div>}
        </>
      }
    />
  );
}
