import {
  contradictionsOf,
  formatShape,
  type ModelFacts,
  type TensorFacts,
  type VersionDetail,
} from '@modelpier/backstage-plugin-modelpier-common';
import { Alert } from '@backstage/ui';
import { type ReactNode } from 'react';
import { useFigures } from '../../hooks/use-figures';
import { LongText } from '../ui/LongText';
import { Note } from '../ui/Note';
import { useTranslation } from '../use-translation';
import classes from './details.module.css';

/** What a version's files say of the model, and where `model.yaml` says something else. */
export function ModelFactList({ detail }: { readonly detail: VersionDetail }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { facts } = detail;
  if (facts === undefined) return <Note>{t('facts.none')}</Note>;
  return (
    <>
      <Contradictions detail={detail} />
      <dl className={classes['facts']}>
        <Row term={t('facts.format')}>
          {facts.formatVersion === undefined
            ? facts.format
            : t('facts.formatVersion', { format: facts.format, version: facts.formatVersion })}
        </Row>
        {facts.producer === undefined ? null : <Row term={t('facts.producer')}>{facts.producer}</Row>}
        <Row term={t('facts.inputs')}>
          <Tensors tensors={facts.inputs} />
        </Row>
        <Row term={t('facts.outputs')}>
          <Tensors tensors={facts.outputs} />
        </Row>
        <Counts facts={facts} />
        <Row term={t('facts.size')}>{figures.bytes(facts.sizeBytes)}</Row>
      </dl>
    </>
  );
}

function Counts({ facts }: { readonly facts: ModelFacts }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const listOf = (items: readonly string[]) =>
    new Intl.ListFormat(figures.language, { type: 'unit' }).format(items);
  const { operators, opsets, parameters, tensors, datatypes } = facts;
  const parts = datatypes === undefined ? [] : Object.entries(datatypes);
  return (
    <>
      {parameters === undefined ? null : (
        <Row term={t('facts.parameters')}>
          {figures.count(parameters)}
          {tensors === undefined ? null : <Note>{t('facts.inTensors', { count: tensors })}</Note>}
        </Row>
      )}
      {parts.length === 0 ? null : (
        <Row term={t('facts.datatypes')}>
          {parts.map(([name, count]) => (
            <div key={name}>{t('facts.ofDatatype', { name, parameters: figures.count(count) })}</div>
          ))}
        </Row>
      )}
      {operators === undefined ? null : (
        <Row term={t('facts.operators')}>
          <LongText text={listOf(operators)} />
        </Row>
      )}
      {opsets === undefined ? null : (
        <Row term={t('facts.opsets')}>
          {listOf(
            Object.entries(opsets).map(([domain, version]) =>
              t('facts.opset', { domain, version: String(version) }),
            ),
          )}
        </Row>
      )}
    </>
  );
}

function Row({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Tensors({ tensors }: { readonly tensors: readonly TensorFacts[] | undefined }) {
  const { t } = useTranslation();
  if (tensors === undefined) return <Note>{t('facts.notRecorded')}</Note>;
  return tensors.map(({ name, datatype = t('facts.anyType'), shape }) => (
    <div key={name}>
      <code>{name}</code>{' '}
      {shape === undefined ? datatype : t('facts.tensor', { datatype, shape: formatShape(shape) })}
    </div>
  ));
}

function Contradictions({ detail }: { readonly detail: VersionDetail }) {
  const { t } = useTranslation();
  const contradictions = contradictionsOf(detail);
  if (contradictions.length === 0) return null;
  return (
    <Alert
      role="status"
      status="warning"
      icon
      title={t('facts.contradicts')}
      description={contradictions.map(each => (
        <div key={each}>{each}</div>
      ))}
    />
  );
}
