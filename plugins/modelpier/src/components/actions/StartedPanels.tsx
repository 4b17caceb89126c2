import { useEntity } from '@backstage/plugin-catalog-react';
import { useCallback } from 'react';
import { useReleases } from '../../hooks/questions';
import { useHaste } from '../../hooks/use-haste';
import { type Start } from '../../hooks/use-start';
import { type StartedStore } from '../../hooks/use-started';
import { useUnderWay } from '../../hooks/use-under-way';
import { StartedPanel } from './StartedPanel';

export interface StartedPanelsProps {
  readonly store: StartedStore;
  readonly start: Start;
  /** Reads again what the tab shows. */
  readonly onProgress: () => void;
}

const NONE: readonly never[] = [];

/** What was started and how far each has come, the newest first. */
export function StartedPanels({ store, start, onProgress }: StartedPanelsProps) {
  const { entity } = useEntity();
  const releases = useReleases(entity);
  const items = releases.value?.items;
  const { refresh } = releases;
  const readAgain = useCallback(() => {
    refresh();
    onProgress();
  }, [refresh, onProgress]);
  const underWay = useUnderWay(store.all, items ?? NONE);
  useHaste(entity, underWay.size > 0, readAgain);
  return [...store.all]
    .reverse()
    .map(started => (
      <StartedPanel
        key={started.requestId}
        started={started}
        releases={items}
        isAsking={start.isPending}
        error={start.error}
        onAgain={() => void start.again(started)}
        onDismiss={() => store.forget(started.requestId)}
      />
    ));
}
