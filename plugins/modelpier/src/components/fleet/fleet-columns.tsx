import {
  type EntityRef,
  type ModelSortName,
  type ModelSummary,
} from '@modelpier/backstage-plugin-modelpier-common';
import { type ReactNode } from 'react';
import { type Figures } from '../../figures/figures';
import { type ViewedResource } from '../../hooks/use-fleet-view';
import { type Translate } from '../use-translation';
import { HealthCell, ModelCell, NewestCell, OwnerCell, PlacesCell, TwoLines } from './fleet-cells';
import { RequestedCell, ShareCell } from './AllocationCells';

export interface FleetColumn {
  readonly id: string;
  readonly label: string;
  /** What the figures mean. */
  readonly hint?: string;
  readonly sortName: ModelSortName;
  readonly largestFirst: boolean;
  readonly numeric?: boolean;
  /** Of a thousand; the same for every row, so that no column jumps. */
  readonly width: number;
  readonly cell: (model: ModelSummary) => ReactNode;
}

export interface ColumnsOptions {
  readonly t: Translate;
  readonly figures: Figures;
  readonly linkOf: (entity: EntityRef) => string;
  readonly resource: ViewedResource;
}

export function fleetColumns(options: ColumnsOptions): readonly FleetColumn[] {
  return [...whatColumns(options), ...whereColumns(options), ...amountColumns(options)];
}

const whatColumns = ({ t, linkOf }: ColumnsOptions): readonly FleetColumn[] => [
  {
    id: 'model',
    label: t('fleet.model'),
    sortName: 'name',
    largestFirst: false,
    width: 150,
    cell: model => <ModelCell model={model} href={linkOf(model.entity)} />,
  },
  {
    id: 'owner',
    label: t('fleet.owner'),
    sortName: 'owner',
    largestFirst: false,
    width: 80,
    cell: model => <OwnerCell model={model} />,
  },
  {
    id: 'newest',
    label: t('fleet.newest'),
    sortName: 'newest',
    largestFirst: true,
    width: 70,
    cell: model => <NewestCell model={model} />,
  },
];

const whereColumns = ({ t, figures }: ColumnsOptions): readonly FleetColumn[] => [
  {
    id: 'places',
    label: t('fleet.runsIn'),
    sortName: 'place',
    largestFirst: false,
    width: 110,
    cell: model => <PlacesCell model={model} />,
  },
  {
    id: 'health',
    label: t('fleet.health'),
    sortName: 'health',
    largestFirst: true,
    width: 100,
    cell: model => <HealthCell model={model} />,
  },
  {
    id: 'replicas',
    label: t('fleet.ready'),
    hint: t('fleet.readyHint'),
    sortName: 'replicas',
    largestFirst: true,
    numeric: true,
    width: 63,
    cell: ({ replicas, deployments }) =>
      replicas === undefined || deployments.length === 0
        ? '–'
        : t('fleet.readyOf', {
            ready: figures.count(replicas.ready),
            desired: figures.count(replicas.desired),
          }),
  },
];

const amountColumns = ({ t, figures, resource }: ColumnsOptions): readonly FleetColumn[] => [
  {
    id: 'requested',
    label: t('fleet.requested'),
    hint: t('fleet.requestedHint'),
    sortName: resource,
    largestFirst: true,
    numeric: true,
    width: 108,
    cell: model => <RequestedCell model={model} resource={resource} />,
  },
  {
    id: 'share',
    label: t('fleet.share'),
    hint: t('fleet.shareHint'),
    sortName: `${resource}Share`,
    largestFirst: true,
    width: 142,
    cell: model => <ShareCell model={model} resource={resource} />,
  },
  {
    id: 'size',
    label: t('fleet.size'),
    sortName: 'size',
    largestFirst: true,
    numeric: true,
    width: 90,
    cell: ({ newest }) =>
      newest === null ? (
        '–'
      ) : (
        <TwoLines
          first={figures.bytes(newest.sizeBytes)}
          second={
            newest.newBytes === null
              ? undefined
              : t('fleet.newBytes', { size: figures.bytes(newest.newBytes) })
          }
        />
      ),
  },
  {
    id: 'reuse',
    label: t('fleet.reuse'),
    hint: t('fleet.reuseHint'),
    sortName: 'reuse',
    largestFirst: true,
    numeric: true,
    width: 87,
    cell: ({ newest }) =>
      newest === null || newest.reuseRatio === null ? (
        '–'
      ) : (
        <TwoLines
          first={figures.percent(newest.reuseRatio)}
          second={t('fleet.of', { whole: figures.bytes(newest.sizeBytes) })}
        />
      ),
  },
];
