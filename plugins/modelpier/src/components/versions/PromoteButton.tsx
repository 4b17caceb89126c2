import { useEntity } from '@backstage/plugin-catalog-react';
import { type Version } from '@modelpier/backstage-plugin-modelpier-common';
import { useModel } from '../../hooks/questions';
import { useAskedAction } from '../../hooks/use-asked-action';
import { refusalOfWay } from '../actions/refusals';
import { GatedButton } from '../ui/GatedButton';
import { useTranslation } from '../use-translation';
import { versionName } from './version-name';

/** Releases the version in an environment that is then chosen. */
export function PromoteButton({ version }: { readonly version: Version }) {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const { open } = useAskedAction();
  const model = useModel(entity);
  const refusal = refusalOfWay({ action: 'promote', ways: model.value?.ways, isLoading: model.loading }, t);
  return (
    <GatedButton
      label={t('actions.promote.title', { version: versionName(version) })}
      refusal={refusal}
      onPress={() => open('promote', version.digest)}
    >
      {t('actions.promote.open')}
    </GatedButton>
  );
}
