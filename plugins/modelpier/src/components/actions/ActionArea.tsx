import { useEntity } from '@backstage/plugin-catalog-react';
import { type Started } from '@modelpier/backstage-plugin-modelpier-common';
import { useResolvedPath } from 'react-router-dom';
import { useAskedAction } from '../../hooks/use-asked-action';
import { useSituation } from '../../hooks/use-situation';
import { useStart } from '../../hooks/use-start';
import { useStarted } from '../../hooks/use-started';
import { useUnderWay } from '../../hooks/use-under-way';
import { PromoteDialog } from './PromoteDialog';
import { type DialogProps, RollbackDialog } from './RollbackDialog';
import { StartedPanels } from './StartedPanels';

/** The dialog that the address asks for, and the progress of what was started. */
export function ActionArea({ onProgress }: { readonly onProgress: () => void }) {
  const { entity } = useEntity();
  const store = useStarted(entity);
  const start = useStart(entity, store);
  const { asked, choose, close } = useAskedAction();
  const onClose = (): void => {
    start.reset();
    close();
  };
  const shown = asked === undefined ? store.all : store.all.filter(({ answer }) => answer !== null);
  return (
    <>
      {shown.length === 0 ? null : (
        <StartedPanels store={{ ...store, all: shown }} start={start} onProgress={onProgress} />
      )}
      {asked === undefined ? null : (
        <AskedDialog asked={asked} start={start} all={store.all} onChoose={choose} onClose={onClose} />
      )}
    </>
  );
}

interface AskedDialogProps extends Pick<DialogProps, 'asked' | 'start' | 'onChoose' | 'onClose'> {
  readonly all: readonly Started[];
}

function AskedDialog({ all, ...props }: AskedDialogProps) {
  const { entity } = useEntity();
  const situation = useSituation(entity);
  const comparison = useResolvedPath('').pathname.replace(/\/$/, '');
  const underWay = useUnderWay(all, situation.releases);
  const known = { ...props, situation, underWay, comparison: `${comparison}/versions` };
  return props.asked.action === 'rollback' ? <RollbackDialog {...known} /> : <PromoteDialog {...known} />;
}
