import { Header } from '@backstage/ui';
import { useTranslation } from '../use-translation';
import { FleetContent } from './FleetContent';

/** The page of all models with a head of its own, for apps of the old frontend system. */
export function FleetPage() {
  const { t } = useTranslation();
  return (
    <main>
      <Header title={t('fleet.title')} />
      <FleetContent />
    </main>
  );
}
