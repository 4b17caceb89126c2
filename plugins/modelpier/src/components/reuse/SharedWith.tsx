import { EntityRefLinks } from '@backstage/plugin-catalog-react';
import { type VersionLayer } from '@modelpier/backstage-plugin-modelpier-common';
import { useFigures } from '../../hooks/use-figures';
import { Note } from '../ui/Note';
import { useTranslation } from '../use-translation';

/** Which other versions and models have the very same layer. */
export function SharedWith({ layer }: { readonly layer: VersionLayer }) {
  const { t } = useTranslation();
  const { language } = useFigures();
  const { sharedWithVersions, sharedVersions = [], sharedWithModels } = layer;
  if (sharedWithVersions === 0) return <Note>{t('reuse.nobody')}</Note>;
  const others = sharedWithVersions - sharedVersions.length;
  return (
    <>
      {sharedVersions.length === 0 ? null : (
        <div>{new Intl.ListFormat(language, { type: 'unit' }).format(sharedVersions)}</div>
      )}
      {others <= 0 ? null : (
        <div>
          {t(sharedVersions.length === 0 ? 'reuse.versions' : 'reuse.moreVersions', { count: others })}
        </div>
      )}
      {sharedWithModels.length === 0 ? null : (
        <Note>
          <EntityRefLinks entityRefs={[...sharedWithModels]} defaultKind="component" hideIcons />
        </Note>
      )}
    </>
  );
}
