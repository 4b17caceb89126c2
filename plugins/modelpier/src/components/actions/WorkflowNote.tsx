import { type Way } from '@modelpier/backstage-plugin-modelpier-common';
import { useTranslation } from '../use-translation';
import classes from './ActionDialog.module.css';

/** Which workflow of which repository is started; the portal itself changes nothing. */
export function WorkflowNote({ way }: { readonly way: Way | undefined }) {
  const { t } = useTranslation();
  const { workflow = null, repository = '', ref = '' } = way ?? {};
  if (workflow === null) return null;
  return <p className={classes['note']}>{t('actions.workflow', { workflow, repository, ref })}</p>;
}
