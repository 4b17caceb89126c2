import { Tab, TabList, TabPanel, Tabs } from '@backstage/ui';
import { MissingAnnotationEmptyState, useEntity } from '@backstage/plugin-catalog-react';
import { IMAGE_ANNOTATION } from '@modelpier/backstage-plugin-modelpier-common';
import { useParams, useResolvedPath } from 'react-router-dom';
import { isModelAvailable } from '../is-model-available';
import classes from './EntityModelContent.module.css';
import { DeploymentsTab } from './deployments/DeploymentsTab';
import { OverviewTab } from './overview/OverviewTab';
import { ResourcesTab } from './resources/ResourcesTab';
import { ReuseTab } from './reuse/ReuseTab';
import { useTranslation } from './use-translation';
import { VersionsTab } from './versions/VersionsTab';

const VIEWS = [
  { id: 'overview', path: '', View: OverviewTab },
  { id: 'versions', path: 'versions', View: VersionsTab },
  { id: 'deployments', path: 'deployments', View: DeploymentsTab },
  { id: 'resources', path: 'resources', View: ResourcesTab },
  { id: 'reuse', path: 'reuse', View: ReuseTab },
] as const;

/** The Model tab of an entity's page; its own tab stands in the address. */
export function EntityModelContent() {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const { '*': rest = '' } = useParams();
  const base = useResolvedPath('').pathname.replace(/\/$/, '');
  const shown = VIEWS.find(({ path }) => path === rest.split('/')[0]) ?? VIEWS[0];

  if (!isModelAvailable(entity)) return <MissingAnnotationEmptyState annotation={IMAGE_ANNOTATION} />;
  return (
    <Tabs selectedKey={shown.id} className={classes['tabs']}>
      <TabList aria-label={t('content.tabs')}>
        {VIEWS.map(({ id, path }) => (
          <Tab key={id} id={id} href={path === '' ? base : `${base}/${path}`}>
            {t(`tab.${id}`)}
          </Tab>
        ))}
      </TabList>
      <TabPanel id={shown.id} className={classes['panel']}>
        <shown.View />
      </TabPanel>
    </Tabs>
  );
}
